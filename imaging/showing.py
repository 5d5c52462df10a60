"""The pixels of an opened image as people see them: upright, 8-bit sRGB, with the alpha kept."""

from dataclasses import dataclass

from PIL import Image as Pillow

from imaging.colour import to_srgb
from imaging.errors import TransparentColourError
from imaging.opening import SIXTEEN, OpenedImage, damage_refused
from imaging.orientation import turn_upright

POLICY = 2  # the way of decoding; pixels kept under another number are not the same pixels


@dataclass(frozen=True, slots=True)
class ShownImage:
    """Upright 8-bit sRGB pixels (mode RGB or RGBA), and notes on what differs from the file."""

    pixels: Pillow.Image
    notes: tuple[str, ...]


def show_image(opened: OpenedImage) -> ShownImage:
    """Decode what was opened and turn it into the pixels that people see.

    Raises:
        ImageError: if it is damaged, or its samples have no agreed display.
    """
    if opened.depth == SIXTEEN and "transparency" in opened.image.info:
        raise TransparentColourError
    with damage_refused():
        opened.image.load()
        upright, turns = turn_upright(opened.image)
        pixels, conversions = to_srgb(upright)
    pixels.info = {}
    return ShownImage(pixels, tuple(dict.fromkeys([*opened.notes, *turns, *conversions])))
