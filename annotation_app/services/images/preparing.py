"""All the computing on one image file, without database or storage: safe to run in threads."""

import hashlib
import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from annotation_app.services.images.decoding import count_pixels, decode_image
from annotation_app.services.images.encoding import encode_lossless, encode_thumbnail
from annotation_app.services.images.fingerprints import hash_appearance, hash_pixels
from imaging.locations import has_gps

LARGE = 16_000_000  # pixels; every one takes some 20 bytes on the way
_one_large_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """What is stored of an image file; `encoded` and `thumbnail` are empty after a check only.

    `has_gps`: the original file has its location; the stored copies do not.
    """

    file_sha256: str
    pixel_sha256: str
    width: int
    height: int
    has_alpha: bool
    perceptual_hash: int
    conversion: str
    encoded: bytes
    thumbnail: bytes
    has_gps: bool = False


def hash_file(data: bytes) -> str:
    """Sha256 of a file's bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def prepare_image(data: bytes, *, check_only: bool = False) -> PreparedImage:
    """Decode, fingerprint and re-encode an image file.

    Args:
        data: the file's bytes.
        check_only: leave the encoding out, as a dry run does.

    Raises:
        ImageRefusedError: if the file is not taken.
    """
    with _turn(data):
        return _prepare(data, check_only=check_only)


def _turn(data: bytes) -> AbstractContextManager[object]:
    """Large images wait for each other, so that threads do not multiply their memory."""
    return _one_large_at_a_time if count_pixels(data) > LARGE else nullcontext()


def _prepare(data: bytes, *, check_only: bool) -> PreparedImage:
    decoded = decode_image(data)
    pixels = decoded.pixels
    return PreparedImage(
        file_sha256=hash_file(data),
        pixel_sha256=hash_pixels(pixels),
        width=pixels.width,
        height=pixels.height,
        has_alpha=pixels.mode == "RGBA",
        perceptual_hash=hash_appearance(pixels),
        conversion=decoded.conversion,
        encoded=b"" if check_only else encode_lossless(pixels),
        thumbnail=b"" if check_only else encode_thumbnail(pixels),
        has_gps=has_gps(data),
    )
