"""Upright pixels: what a camera noted about its own position is followed once, here."""

from PIL import ExifTags
from PIL import Image as Pillow

TURNS = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}


def turn_upright(image: Pillow.Image) -> tuple[Pillow.Image, list[str]]:
    """An image turned as its EXIF or XMP says, and a note where it was turned."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - broken notes beside the pixels are not a reason to refuse them
        orientation = 1
    if orientation not in TURNS:
        return image, []
    turned = image.transpose(TURNS[orientation])
    turned.info = image.info
    return turned, [f"turned upright (EXIF {orientation})"]
