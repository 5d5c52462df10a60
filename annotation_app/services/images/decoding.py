"""Foreign image files under this site's limits and in its words; `imaging` does the decoding."""

from dataclasses import dataclass

from PIL import Image as Pillow

from annotation_app.services.images.limits import image_limits
from annotation_app.services.images.wording import worded
from imaging.containers import check_second_file
from imaging.opening import OpenedImage, open_image
from imaging.showing import show_image

NOTE_LENGTH = 100  # characters; what Image.conversion holds


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """Upright 8-bit sRGB pixels (mode RGB or RGBA) and how they differ from the plain decode."""

    pixels: Pillow.Image
    conversion: str


def open_file(data: bytes) -> OpenedImage:
    """Read the header of an image file whose content nobody vouches for.

    Raises:
        ImageRefusedError: if it is not an image of the accepted formats, is also something else,
            is too large, truncated or damaged.
    """
    with worded():
        opened = open_image(data, image_limits())
        check_second_file(data, opened.end)
    return opened


def decode_image(opened: OpenedImage) -> DecodedImage:
    """Decode the pixels of an opened file, and close it.

    Raises:
        ImageRefusedError: if they are damaged, or have no agreed display.
    """
    with worded():
        shown = show_image(opened)
    opened.image.close()  # frees the file's own pixels
    return DecodedImage(pixels=shown.pixels, conversion="; ".join(shown.notes)[:NOTE_LENGTH])
