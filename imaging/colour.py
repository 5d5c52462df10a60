"""From any mode and profile to 8-bit sRGB with the alpha kept; says what was converted."""

import io
import sys
from functools import lru_cache

from PIL import Image as Pillow
from PIL import ImageChops, ImageCms

from imaging.errors import SampleKindError

PLAIN_MODES = frozenset({"L", "RGB", "CMYK"})
SIXTEEN_BIT_HIGH_BYTE = {  # offset of the high byte
    "I;16": 1,
    "I;16L": 1,
    "I;16B": 0,
    "I;16N": 1 if sys.byteorder == "little" else 0,
}
REFUSED_MODES = frozenset({"I", "F", "LAB"})
OPAQUE = (255, 255)
NOTHING_LOST = 1  # levels of 255; a profile this close to sRGB is sRGB
DESCRIPTION_LENGTH = 40
LATTICE = (0, 51, 102, 153, 204, 255)


def to_srgb(image: Pillow.Image) -> tuple[Pillow.Image, list[str]]:
    """Convert a decoded image to 8-bit sRGB.

    Returns:
        The image in mode RGB, or RGBA where some pixel is not opaque, and the notes on what
        was converted (none where the pixels are those of the plain decode).

    Raises:
        SampleKindError: for samples that have no agreed display (32-bit, float, Lab).
    """
    if image.mode in REFUSED_MODES:
        raise SampleKindError(image.mode)
    profile = image.info.get("icc_profile")
    image, notes = _to_eight_bits(image)
    base, alpha = _split_alpha(image)
    if image.mode in {"P", "PA"}:
        notes.append("palette expanded")
    base, colour_notes = _apply_profile(base, profile)
    if alpha is not None and alpha.getextrema() != OPAQUE:
        base.putalpha(alpha)
    return base, notes + colour_notes


def _to_eight_bits(image: Pillow.Image) -> tuple[Pillow.Image, list[str]]:
    if image.mode not in SIXTEEN_BIT_HIGH_BYTE:
        return image, []
    high_bytes = image.tobytes()[SIXTEEN_BIT_HIGH_BYTE[image.mode] :: 2]
    return Pillow.frombytes("L", image.size, high_bytes), ["16 bits reduced to 8"]


def _split_alpha(image: Pillow.Image) -> tuple[Pillow.Image, Pillow.Image | None]:
    if image.mode == "LA":
        return image.getchannel("L"), image.getchannel("A")
    if image.has_transparency_data:
        with_alpha = image.convert("RGBA")
        base = image.convert("L") if image.mode == "L" else with_alpha.convert("RGB")
        return base, with_alpha.getchannel("A")
    return (image if image.mode in PLAIN_MODES else image.convert("RGB")), None


def _apply_profile(base: Pillow.Image, profile: bytes | None) -> tuple[Pillow.Image, list[str]]:
    if not profile:
        notes = ["CMYK without profile converted"] if base.mode == "CMYK" else []
        return base.convert("RGB"), notes
    try:
        if _is_srgb(profile, base.mode):
            return base.convert("RGB"), []
        converted = _transform(base, profile)
        return converted, [f"profile “{_describe(profile)}” converted to sRGB"]
    except (ImageCms.PyCMSError, OSError, ValueError):
        # What browsers do with a broken profile, or one of another colour space.
        return base.convert("RGB"), ["unusable profile ignored"]


def _transform(base: Pillow.Image, profile: bytes) -> Pillow.Image:
    transform = ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        base.mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    converted = ImageCms.applyTransform(base, transform)
    if converted is None:  # only for in-place transforms
        raise ValueError("The transform gave no image.")
    return converted


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
    chart = Pillow.frombytes(mode, (len(colours) // len(mode), 1), colours)
    moved = ImageChops.difference(_transform(chart, profile), chart.convert("RGB"))
    return max(moved.tobytes()) <= NOTHING_LOST


def _describe(profile: bytes) -> str:
    name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))
    printable = "".join(sign for sign in name if sign.isprintable()).strip()
    return printable[:DESCRIPTION_LENGTH] or "unnamed"
