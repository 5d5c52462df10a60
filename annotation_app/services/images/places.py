"""Whether an image file tells where it was taken; its served copy never does."""

import io

from PIL import Image as Picture
from PIL.ExifTags import IFD

from annotation_app.services.images.chunks import bare_png

PNG = b"\x89PNG\r\n\x1a\n"


def has_place(data: bytes) -> bool:
    """Whether the EXIF of a decodable file holds GPS fields; False where it cannot be read."""
    if data.startswith(PNG):
        data, _, _ = bare_png(data)
    try:
        with Picture.open(io.BytesIO(data)) as picture:
            return bool(picture.getexif().get_ifd(IFD.GPSInfo))
    except (OSError, SyntaxError, ValueError, Picture.DecompressionBombError):
        return False
