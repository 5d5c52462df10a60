"""Foreign image files under this site's limits and in its words; `imaging` does the decoding."""

from dataclasses import dataclass

from PIL import Image as Pillow

from annotation_app.services.images.limits import image_limits
from annotation_app.services.images.wording import worded
from imaging.containers import check_second_file
from imaging.opening import open_image
from imaging.showing import show_image

NOTE_LENGTH = 100  # characters; the length of Image.conversion


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """Upright 8-bit sRGB pixels (mode RGB or RGBA) and how they differ from the plain decode."""

    pixels: Pillow.Image
    conversion: str


def decode_image(data: bytes) -> DecodedImage:
    """Decode an untrusted image file.

    Raises:
        ImageRefusedError: if it is not an image of the accepted formats, is also something else,
            is too large, truncated or damaged, or has no agreed display.
    """
    with worded():
        opened = open_image(data, image_limits())
        check_second_file(data, opened.end)
        shown = show_image(opened)
    return DecodedImage(pixels=shown.pixels, conversion="; ".join(shown.notes)[:NOTE_LENGTH])


def count_pixels(data: bytes) -> int:
    """How many pixels a file's header declares; no pixel is decoded, and no file is left open.

    Raises:
        ImageRefusedError: as `decode_image` does, where the header alone is reason enough.
    """
    with worded():
        return open_image(data, image_limits()).pixels
