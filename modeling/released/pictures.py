"""Two ways to turn a picture into RGB: that of the published code, and that of the site."""

from __future__ import annotations

from enum import StrEnum

from PIL import Image, ImageOps

from imaging.opening import OpenedImage
from modeling.config import BackboneName
from modeling.data import Reading, as_shown


class PictureReading(StrEnum):
    """Who decides what a turned, transparent, deep or profiled picture looks like."""

    PUBLISHED = "published"  # the checkpoint's public code
    OURS = "ours"  # as annotators see it, which is how our own models read pictures


def picture_reading(name: PictureReading, family: BackboneName) -> Reading:
    """From an opened picture to RGB, under one of the names."""
    return as_shown if name is PictureReading.OURS else _PUBLISHED[family]


def _as_opened(opened: OpenedImage) -> Image.Image:
    """``Image.open(…).convert("RGB")``, as the vision utilities of the Qwen2.5-VL code read it.

    The rotation that a camera noted, transparency and profiles are dropped, and samples of more
    than 8 bits are clipped at 255 instead of scaled.
    """
    return opened.image.convert("RGB")


def _turned(opened: OpenedImage) -> Image.Image:
    """As transformers' ``load_image``, through which the Qwen3-VL code reads: upright first."""
    return ImageOps.exif_transpose(opened.image).convert("RGB")


_PUBLISHED = {BackboneName.QWEN2_5_VL: _as_opened, BackboneName.QWEN3_VL: _turned}
