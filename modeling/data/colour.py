"""From an embedded profile's colours to sRGB, as the site converts what it imports."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageChops, ImageCms

PROFILED_MODES = frozenset({"L", "RGB", "CMYK"})
NOTHING_LOST = 1  # levels of 255; a profile this close to sRGB is sRGB
LATTICE = (0, 51, 102, 153, 204, 255)


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """An opaque 8-bit image in RGB; a profile that cannot be used is ignored, as browsers do."""
    base = image if image.mode in PROFILED_MODES else image.convert("RGB")
    try:
        if profile and not _is_srgb(profile, base.mode):
            return _transform(base, profile)
    except (ImageCms.PyCMSError, OSError, ValueError):
        pass  # broken, or of another colour space than the pixels
    return base if base.mode == "RGB" else base.convert("RGB")


def _transform(image: Image.Image, profile: bytes) -> Image.Image:
    return ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        image.mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    ).apply(image)


@lru_cache(maxsize=64)
def _is_srgb(profile: bytes, mode: str) -> bool:
    """Whether the profile moves no colour of a lattice by more than one level.

    Judged by what it does, not by its name: there are dozens of sRGB profiles, and sending
    pixels through one of them would change them by rounding only.
    """
    if mode == "CMYK":
        return False
    colours = bytes(LATTICE)
    if mode == "RGB":
        colours = bytes(v for r in LATTICE for g in LATTICE for b in LATTICE for v in (r, g, b))
    chart = Image.frombytes(mode, (len(colours) // len(mode), 1), colours)
    moved = ImageChops.difference(_transform(chart, profile), chart.convert("RGB"))
    return max(moved.tobytes()) <= NOTHING_LOST
