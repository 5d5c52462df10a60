"""Decoding an image whose content nobody vouches for; the cache, the scorer and the cli call it."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Callable
from pathlib import Path

from PIL import ExifTags, Image, UnidentifiedImageError

from modeling.data.chunks import SIGNATURE, bare_png
from modeling.data.colour import to_srgb

Picture = Path | str | bytes | Image.Image
Reading = Callable[[Image.Image], Image.Image]  # an opened picture to RGB

# Formats whose decoders run no other program and read no other file.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP", "TIFF")
MAX_PIXELS = 100_000_000
WIDE_MODES = ("I;16", "I;16B", "I;16L", "I;16N")
REFUSED_MODES = ("I", "F", "LAB")  # 32-bit, float and Lab samples have no agreed display
GREY_MODES = ("L", "LA")
TO_BYTE = 256
HEIC_BRANDS, HEIC_HEAD = (b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1"), 64
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What shows through a transparent pixel: the mean of the two greys of the checkerboard, #9a9a9a
# and #666, over which annotators see it.
BACKGROUND = (128, 128, 128)
DECODING = 2  # the way of decoding; another number lets no cache of an earlier way be taken up


class UnreadablePictureError(OSError):
    """A picture that cannot be decoded; the text says which and why."""


def as_shown(image: Image.Image) -> Image.Image:
    """An opened picture as annotators see it: upright, sRGB, ``BACKGROUND`` under what is clear.

    16-bit values are reduced to 8; ``ValueError`` for samples that have no agreed display.
    """
    return _to_rgb(_upright(image))


def read_picture(
    picture: Picture, name: str = "", *, sha256: str | None = None, reading: Reading = as_shown
) -> Image.Image:
    """An RGB image from a path, encoded bytes or an image.

    ``name`` says in errors what the picture is; ``sha256`` is what the file must have, where a
    manifest lists it; ``reading`` turns what was opened into RGB.

    Raises:
        UnreadablePictureError: missing, of another format or type, damaged, without pixels, over
            ``MAX_PIXELS``, not the listed file, or nothing that ``reading`` takes.
    """
    try:
        if isinstance(picture, Image.Image):
            _require_pixels(picture)
            picture.load()  # a file that Pillow has only opened may still be damaged
            return reading(picture)
        return _decode(picture, sha256, reading)
    except Exception as error:  # decoders of foreign bytes fail in every way there is
        where = str(picture) if isinstance(picture, str | Path) else ""
        told = ", ".join(part for part in (name, where) if part) or "a picture"
        raise UnreadablePictureError(f"{told}: {_reason(error)}") from error


def _decode(picture: Path | str | bytes, sha256: str | None, reading: Reading) -> Image.Image:
    if not isinstance(picture, Path | str | bytes):
        raise TypeError(f"{type(picture).__name__} is no path, encoded bytes or PIL image")
    with (
        io.BytesIO(picture) if isinstance(picture, bytes) else Path(picture).open("rb") as file,
        warnings.catch_warnings(),
    ):
        if sha256 is not None:
            _require_listed(file, sha256)
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit here is lower
        _refuse_heic(file)
        bare, profile = _without_notes(file)
        with Image.open(bare, formats=FORMATS) as image:
            if profile:
                image.info["icc_profile"] = profile
            _require_pixels(image)
            image.load()
            return reading(image)


def _refuse_heic(file: io.BytesIO | io.BufferedReader) -> None:
    head = file.read(HEIC_HEAD)
    file.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS and b"avif" not in head:
        raise ValueError("a HEIC photo, which cannot be read here; save it as PNG or JPEG")


def _without_notes(
    file: io.BytesIO | io.BufferedReader,
) -> tuple[io.BytesIO | io.BufferedReader, bytes]:
    """A file to decode, and the profile of one whose notes Pillow might refuse to read."""
    head = file.read(len(SIGNATURE))
    file.seek(0)
    if head != SIGNATURE:
        return file, b""
    bare, profile = bare_png(file.read())
    return io.BytesIO(bare), profile


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF says; broken notes beside the pixels are no reason to refuse them."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - they are foreign bytes too, and fail in every way there is
        orientation = 1
    if orientation not in TURNS:
        return image
    turned = image.transpose(TURNS[orientation])
    turned.info = image.info
    return turned


def _require_listed(file: io.BytesIO | io.BufferedReader, sha256: str) -> None:
    """Refuse other content; piece by piece, for a wrong file may be larger than the memory."""
    found = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    if found != sha256:
        raise ValueError(
            f"not the file that the manifest lists: its sha256 is {found}, not {sha256}; "
            "restore it or export the version again"
        )


def _require_pixels(image: Image.Image) -> None:
    if not 0 < image.width * image.height <= MAX_PIXELS:
        raise ValueError(
            f"{image.width} × {image.height} pixels; "
            f"the least is 1, the limit is {MAX_PIXELS:,} in all"
        )


def _to_rgb(image: Image.Image) -> Image.Image:
    _require_displayable(image)
    profile = image.info.get("icc_profile")
    if image.mode in WIDE_MODES:  # Pillow's own conversion would clip instead of scale
        image = image.convert("I").point(lambda value: value / TO_BYTE).convert("L")
    if not image.has_transparency_data:
        return to_srgb(image, profile)
    clear = image.convert("RGBA")
    colours = image.convert("L") if image.mode in GREY_MODES else clear.convert("RGB")
    shown = Image.new("RGB", image.size, BACKGROUND)
    shown.paste(to_srgb(colours, profile), mask=clear.getchannel("A"))
    return shown


def _require_displayable(image: Image.Image) -> None:
    if image.mode in REFUSED_MODES:
        raise ValueError(
            f"samples of kind {image.mode} have no agreed display; "
            "export it with 8 bits per channel in sRGB"
        )
    clear = image.info.get("transparency")
    if clear is not None and (image.mode in WIDE_MODES or _is_wide(clear)):
        raise ValueError("16 bits with one transparent colour; save it with an alpha channel")


def _is_wide(colour: object) -> bool:
    return isinstance(colour, tuple) and max(colour) >= TO_BYTE


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, UnidentifiedImageError):
        return f"cannot identify an image; formats are {', '.join(FORMATS)}"
    if isinstance(error, Image.DecompressionBombError):
        return f"more pixels than the limit of {MAX_PIXELS:,}"
    return str(error) or type(error).__name__
