"""Pixels to patches: the pixel budget, transformers' PIL processor and its normalisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import (
    Qwen2VLImageProcessorPil,
    smart_resize,
)

DEFAULT_MAX_PIXELS = 448 * 448
DEFAULT_MIN_PIXELS = 56 * 56
BYTE = 255.0


@dataclass(frozen=True, slots=True)
class ImageSettings:
    """How one model family cuts images into patches."""

    patch_size: int
    merge_size: int  # patches per side that become one token
    temporal_patch_size: int  # frames per patch; a still image repeats itself
    mean: tuple[float, ...]
    std: tuple[float, ...]
    min_pixels: int = DEFAULT_MIN_PIXELS
    max_pixels: int = DEFAULT_MAX_PIXELS

    def __post_init__(self) -> None:
        """Refuse a budget that is too small for even one token."""
        if self.factor < 1 or not self.factor**2 <= self.max_pixels >= self.min_pixels > 0:
            raise ValueError(
                f"a pixel budget from {self.min_pixels} (min_pixels) to {self.max_pixels} "
                f"(max_pixels) allows no image of whole {self.factor}-pixel cells"
            )

    @property
    def factor(self) -> int:
        """Sides of a resized image are multiples of this many pixels."""
        return self.patch_size * self.merge_size

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ImageSettings:
        """Read what ``dataclasses.asdict`` wrote."""
        plain = dict(value)
        return cls(**{**plain, "mean": tuple(plain["mean"]), "std": tuple(plain["std"])})


def fit_image(image: Image.Image, settings: ImageSettings) -> Image.Image:
    """The RGB image inside the pixel budget, aspect kept, sides whole cells.

    Fitting again may give another size where ``min_pixels`` is near ``max_pixels``.
    """
    rgb = image if image.mode == "RGB" else image.convert("RGB")
    height, width = smart_resize(
        rgb.height,
        rgb.width,
        factor=settings.factor,
        min_pixels=settings.min_pixels,
        max_pixels=settings.max_pixels,
    )
    if (width, height) == rgb.size:
        return rgb
    return rgb.resize((width, height), Image.Resampling.BICUBIC)


def cut_patches(images: list[Image.Image], settings: ImageSettings) -> tuple[Tensor, Tensor]:
    """Byte patches (patches, channels · patch²) and grids (images, 3) of fitted images.

    Bytes without the repeated frame are an eighth of the model's floats; :func:`normalise`
    restores those on the device.
    """
    processor = Qwen2VLImageProcessorPil(
        patch_size=settings.patch_size,
        merge_size=settings.merge_size,
        temporal_patch_size=1,
        do_resize=False,
        do_rescale=False,
        do_normalize=False,
    )
    batch = processor(images=images, return_tensors="np")
    patches = torch.from_numpy(np.asarray(batch["pixel_values"]).astype(np.uint8))
    return patches, torch.from_numpy(np.asarray(batch["image_grid_thw"], dtype=np.int64))


def normalise(patches: Tensor, settings: ImageSettings) -> Tensor:
    """Model input (patches, channels · frames · patch²), fp32, from byte patches."""
    channels = len(settings.mean)
    scaled = patches.view(len(patches), channels, 1, -1).to(torch.float32) / BYTE
    mean = torch.tensor(settings.mean, device=patches.device).view(1, channels, 1, 1)
    std = torch.tensor(settings.std, device=patches.device).view(1, channels, 1, 1)
    frames = ((scaled - mean) / std).expand(-1, -1, settings.temporal_patch_size, -1)
    return frames.reshape(len(patches), -1)
