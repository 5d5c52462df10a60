"""Decode a foreign image file under guard: limits first, pixels after."""

import io
from dataclasses import dataclass

from django.conf import settings
from PIL import ExifTags, UnidentifiedImageError
from PIL import Image as Pillow

from annotation_app.services.images.chunks import bare_png
from annotation_app.services.images.colour import to_srgb
from annotation_app.services.images.containers import check_container
from annotation_app.services.images.refusals import ImageRefusedError, Refusal, truncated
from annotation_app.services.images.signatures import detect_format

LONGEST_SIDE = 16_383  # pixels; the limit of WebP, which the served copies are
BYTES_PER_PIXEL = 8  # of the least compact accepted file: four channels of 16 bits
PNG_DEPTH_AT = 24  # offset of the bit depth in a PNG
BITS_PER_SAMPLE = 258  # TIFF tag
EIGHT, SIXTEEN = 8, 16
# In an AVIF's head a box tells the bits of each channel, after its flags and their number.
PIXEL_BOX, PIXEL_DEPTH_AT, AVIF_HEAD = b"pixi", 9, 65_536
NOTE_LENGTH = 100  # characters; what Image.conversion holds
TURNS = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """Upright 8-bit sRGB pixels (mode RGB or RGBA) and how they differ from the plain decode."""

    pixels: Pillow.Image
    conversion: str


def decode_image(data: bytes) -> DecodedImage:
    """Decode an image file whose content nobody vouches for.

    Raises:
        ImageRefusedError: if it is no image of the accepted formats, is also something else,
            is too large, truncated or damaged.
    """
    _check_size(len(data))
    image_format = detect_format(data)
    check_container(data, image_format)
    image = _open(data, image_format)
    try:
        notes = _notes_before_load(image, data, image_format)
        image.load()
        upright, turn = _upright(image)
        pixels, conversions = to_srgb(upright)
    except ImageRefusedError:
        raise
    except Exception as error:  # decoders of foreign bytes fail in every way there is
        raise _undecodable(error) from error
    pixels.info = {}
    note = "; ".join(dict.fromkeys(notes + turn + conversions))
    return DecodedImage(pixels=pixels, conversion=note[:NOTE_LENGTH])


def count_pixels(data: bytes) -> int:
    """How many pixels a file's header declares; nothing is decoded.

    Raises:
        ImageRefusedError: as `decode_image` does, where the header alone is reason enough.
    """
    _check_size(len(data))
    with _open(data, detect_format(data)) as image:
        return image.width * image.height


def _check_size(size: int) -> None:
    limit = BYTES_PER_PIXEL * settings.IMAGE_MAX_PIXELS
    if size > limit:
        raise ImageRefusedError(
            Refusal.TOO_LARGE,
            f"The file has {size:,} bytes; the limit is {limit:,}.",
            "Make the image smaller.",
        )


def _open(data: bytes, image_format: str) -> Pillow.Image:
    profile = b""
    if image_format == "PNG":
        data, profile, _ = bare_png(data)
    try:
        image = Pillow.open(io.BytesIO(data), formats=[image_format])
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise _too_many_pixels("more pixels than any screen shows") from error
    except UnidentifiedImageError as error:
        raise _undecodable(error) from error
    except Exception as error:  # header parsers of foreign bytes fail in every way there is
        raise _undecodable(error) from error
    if profile:
        image.info["icc_profile"] = profile
    width, height = image.size
    if max(width, height) > LONGEST_SIDE:
        raise ImageRefusedError(
            Refusal.TOO_LARGE,
            f"The image is {width:,} × {height:,} pixels; a side may have {LONGEST_SIDE:,}"
            " (the limit of WebP, in which copies are kept).",
            "Scale it down or cut it.",
        )
    if width * height > settings.IMAGE_MAX_PIXELS:
        raise _too_many_pixels(f"{width:,} × {height:,} pixels")
    return image


def _too_many_pixels(what: str) -> ImageRefusedError:
    return ImageRefusedError(
        Refusal.TOO_LARGE,
        f"The image has {what}; the limit is {settings.IMAGE_MAX_PIXELS:,} in all.",
        "Scale it down, or ask the operator to raise IMAGE_MAX_PIXELS.",
    )


def _undecodable(error: Exception) -> ImageRefusedError:
    if "truncated" in str(error).lower():
        return truncated()
    return ImageRefusedError(
        Refusal.DAMAGED, "The image cannot be decoded.", "Save it again as PNG and import that."
    )


def _notes_before_load(image: Pillow.Image, data: bytes, image_format: str) -> list[str]:
    notes = []
    if getattr(image, "is_animated", False):
        notes.append("first of several frames")
    if image_format == "AVIF" and (depth := _bits_of_avif(data)) > EIGHT:
        notes.append(f"{depth} bits reduced to 8")
    if _has_sixteen_bits(image, data, image_format):
        if "transparency" in image.info:
            raise ImageRefusedError(
                Refusal.UNSUPPORTED,
                "A 16-bit image with one transparent colour cannot be shown exactly.",
                "Save it with an alpha channel.",
            )
        notes.append("16 bits reduced to 8")
    return notes


def _has_sixteen_bits(image: Pillow.Image, data: bytes, image_format: str) -> bool:
    if image_format == "PNG":
        return data[PNG_DEPTH_AT] == SIXTEEN
    if image_format == "TIFF":
        bits = image.getexif().get(BITS_PER_SAMPLE, 0)
        return SIXTEEN in bits if isinstance(bits, tuple) else bits == SIXTEEN
    return False


def _bits_of_avif(data: bytes) -> int:
    at = data.find(PIXEL_BOX, 0, AVIF_HEAD)
    return data[at + PIXEL_DEPTH_AT] if 0 <= at < len(data) - PIXEL_DEPTH_AT else EIGHT


def _upright(image: Pillow.Image) -> tuple[Pillow.Image, list[str]]:
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - broken notes beside the pixels are no reason to refuse them
        orientation = 1
    if orientation not in TURNS:
        return image, []
    turned = image.transpose(TURNS[orientation])
    turned.info = image.info
    return turned, [f"turned upright (EXIF {orientation})"]
