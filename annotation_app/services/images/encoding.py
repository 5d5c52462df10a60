"""The copies that are served: lossless WebP without metadata, and a small thumbnail."""

import io

from PIL import Image as Pillow

# Measured on 40 edits of 512²: 19 ms each; method 1 takes 51 ms and saves 7 % of the bytes.
LOSSLESS_METHOD, LOSSLESS_EFFORT = 0, 0
THUMBNAIL_SIDE = 384  # pixels
THUMBNAIL_QUALITY, THUMBNAIL_METHOD = 82, 1


def encode_lossless(image: Pillow.Image) -> bytes:
    """Encode RGB or RGBA pixels as WebP and prove that decoding gives them back.

    Colours under fully transparent pixels survive too (`exact`).

    Raises:
        RuntimeError: if the copy does not decode to the same pixels.
    """
    buffer = io.BytesIO()
    image.save(
        buffer,
        "WEBP",
        lossless=True,
        exact=True,
        quality=LOSSLESS_EFFORT,
        method=LOSSLESS_METHOD,
    )
    with Pillow.open(buffer, formats=["WEBP"]) as copy:
        if copy.mode != image.mode or copy.tobytes() != image.tobytes():
            raise RuntimeError("The lossless copy does not decode to the same pixels.")
    return buffer.getvalue()


def encode_thumbnail(image: Pillow.Image) -> bytes:
    """A lossy WebP of at most 384 pixels a side, for lists; never what is rated."""
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Pillow.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=THUMBNAIL_QUALITY, method=THUMBNAIL_METHOD)
    return buffer.getvalue()
