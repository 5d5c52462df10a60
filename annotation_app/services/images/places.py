"""Whether an image file tells where it was taken; its served copy never does."""

import io

from PIL import Image as Picture
from PIL.ExifTags import IFD


def has_place(data: bytes) -> bool:
    """Whether the EXIF of a file holds GPS fields; False for what cannot be read."""
    try:
        with Picture.open(io.BytesIO(data)) as picture:
            return bool(picture.getexif().get_ifd(IFD.GPSInfo))
    except (OSError, SyntaxError, ValueError, Picture.DecompressionBombError):
        return False
