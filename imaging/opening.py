"""Open image files and check their size by their headers; pixels are decoded later."""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image as Pillow

from imaging.colour import SIXTEEN_BIT_HIGH_BYTE
from imaging.containers import Container, read_container
from imaging.errors import UNIDENTIFIED, DamagedError, ImageError, TruncatedError
from imaging.limits import Limits

PNG_DEPTH_AT = 24  # offset of the bit depth in a PNG
BITS_PER_SAMPLE = 258  # TIFF tag
EIGHT, SIXTEEN = 8, 16
ABOVE_BYTE = 256
# In an AVIF's head a box tells the bits of each channel, after its flags and their number.
PIXEL_BOX, PIXEL_DEPTH_AT, AVIF_HEAD = b"pixi", 9, 65_536


@dataclass(frozen=True, slots=True)
class OpenedImage:
    """An image as in its file, not yet rotated or converted, and perhaps not yet decoded.

    `depth` is the bits of each sample; `end` is where the image ends in its file (0 for an image
    that did not come as a file); `notes` list the parts of the file that decoding leaves out.
    """

    image: Pillow.Image
    depth: int = EIGHT
    end: int = 0
    notes: tuple[str, ...] = ()

    @property
    def pixels(self) -> int:
        """How many pixels the header declares."""
        return self.image.width * self.image.height


def open_image(data: bytes, limits: Limits) -> OpenedImage:
    """Open an untrusted image file; limits are checked before pixels are decoded.

    Raises:
        ImageError: if it is not an image of the accepted formats, too large, truncated or damaged.
    """
    limits.check_length(len(data))
    container = read_container(data)
    with damage_refused():
        image = open_header(container)
        limits.check_size(*image.size)
        depth = _depth(image, container)
        notes = ["first of several frames"] if getattr(image, "is_animated", False) else []
    if depth > EIGHT:
        notes.append(f"{depth} bits reduced to 8")
    return OpenedImage(image, depth, container.end, tuple(notes))


def take_image(image: Pillow.Image, limits: Limits) -> OpenedImage:
    """Treat an image in memory, or one that Pillow has opened, like a file.

    Raises:
        PixelCountError: if it is too large, or has no pixels.
    """
    limits.check_size(*image.size)
    clear = image.info.get("transparency")
    is_deep = image.mode in SIXTEEN_BIT_HIGH_BYTE or (
        isinstance(clear, tuple) and max(clear) >= ABOVE_BYTE
    )
    return OpenedImage(image, SIXTEEN if is_deep else EIGHT)


def open_header(container: Container) -> Pillow.Image:
    """Read a header with the decoder of its format alone.

    `Image.open` would judge sizes by a limit of the whole process, and warn from there on.
    """
    if container.image_format not in Pillow.OPEN:
        Pillow.init()
    decoder, _ = Pillow.OPEN[container.image_format]
    try:
        image = decoder(io.BytesIO(container.data), "")
    except (SyntaxError, IndexError, TypeError, struct.error) as error:
        raise DamagedError(UNIDENTIFIED) from error  # what a decoder says of foreign headers
    if container.profile:
        image.info["icc_profile"] = container.profile
    return image


@contextmanager
def damage_refused() -> Iterator[None]:
    """Turn any error of a decoder into a refusal: foreign bytes make them fail in every way."""
    try:
        yield
    except ImageError:
        raise
    except Exception as error:
        detail = str(error) or type(error).__name__
        refusal = TruncatedError if "truncated" in detail.lower() else DamagedError
        raise refusal(detail) from error


def _depth(image: Pillow.Image, container: Container) -> int:
    if container.image_format == "AVIF":
        return _depth_of_avif(container.data)
    if container.image_format == "PNG":
        return SIXTEEN if container.data[PNG_DEPTH_AT] == SIXTEEN else EIGHT
    if container.image_format == "TIFF":
        bits = image.getexif().get(BITS_PER_SAMPLE, 0)
        is_deep = SIXTEEN in bits if isinstance(bits, tuple) else bits == SIXTEEN
        return SIXTEEN if is_deep else EIGHT
    return EIGHT


def _depth_of_avif(data: bytes) -> int:
    at = data.find(PIXEL_BOX, 0, AVIF_HEAD)
    return data[at + PIXEL_DEPTH_AT] if 0 <= at < len(data) - PIXEL_DEPTH_AT else EIGHT
