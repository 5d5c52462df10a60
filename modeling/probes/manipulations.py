"""Changes to an edited image that must not earn it a better score."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance

_BRIGHTER, _MORE_VIVID = 1.2, 1.4
_UNTOUCHED = 12  # largest channel difference that counts as unchanged, of 255
_TINT = (28.0, -10.0, -22.0)


def brighten(edit: Image.Image) -> Image.Image:
    """The edit, a fifth brighter."""
    return ImageEnhance.Brightness(edit).enhance(_BRIGHTER)


def saturate(edit: Image.Image) -> Image.Image:
    """The edit with 40 % more colour."""
    return ImageEnhance.Color(edit).enhance(_MORE_VIVID)


def tint_background(source: Image.Image, edit: Image.Image) -> Image.Image | None:
    """The edit with its unchanged pixels tinted; ``None`` if it changed every pixel."""
    pixels = np.asarray(edit.convert("RGB"), dtype=np.float64)
    same = source.convert("RGB").resize(edit.size, Image.Resampling.BILINEAR)
    untouched = _difference(pixels, np.asarray(same, dtype=np.float64)) <= _UNTOUCHED
    if not untouched.any():
        return None
    changed = np.where(untouched[..., None], pixels + np.array(_TINT), pixels)
    return Image.fromarray(changed.clip(0, 255).astype(np.uint8))


def _difference(one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
    largest: NDArray[np.float64] = np.abs(one - two).max(axis=2)
    return largest
