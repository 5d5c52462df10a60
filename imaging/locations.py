"""Whether an image file records where it was taken; its served copy never does."""

from PIL.ExifTags import IFD

from imaging.containers import read_container
from imaging.errors import ImageError
from imaging.opening import damage_refused, open_header


def has_gps(data: bytes) -> bool:
    """Whether the EXIF of a decodable file has GPS fields; False if it cannot be read."""
    try:
        with damage_refused(), open_header(read_container(data)) as image:
            return bool(image.getexif().get_ifd(IFD.GPSInfo))
    except ImageError:
        return False
