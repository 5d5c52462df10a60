"""To what size a released checkpoint's public code brings an image, and on which patches."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image
from transformers import PreTrainedConfig

from modeling.backbones.qwen.files import read_image_processor
from modeling.backbones.qwen.images import ImageSettings, fit_image
from modeling.backbones.qwen.options import read_image_settings
from modeling.config import BackboneName
from modeling.released.layout import ReleasedLayout

PUBLISHED_PIXELS = 256 * 28 * 28  # both bounds: the Qwen2.5-VL code brings images to this area
UNSTATED = (56 * 56, 28 * 28 * 1280)  # transformers' bounds where the file names none
# The file may only have these values, because no other processing is implemented here.
_EXPECTED = {
    "do_resize": True,
    "do_rescale": True,
    "do_normalize": True,
    "resample": int(Image.Resampling.BICUBIC),
}
_GEOMETRY = ("patch_size", "merge_size", "temporal_patch_size")


class ImageFitting:
    """One or two resizings, the last of them with the patches that the model reads."""

    def __init__(self, stages: tuple[ImageSettings, ...]) -> None:
        self.stages = stages

    @property
    def settings(self) -> ImageSettings:
        """What cutting into patches needs."""
        return self.stages[-1]

    def __call__(self, image: Image.Image) -> Image.Image:
        """The RGB image at its final size."""
        for settings in self.stages:
            image = fit_image(image, settings)
        return image


def read_fitting(
    name: BackboneName, config: PreTrainedConfig, folder: Path, layout: ReleasedLayout
) -> ImageFitting:
    """The resizing that the layout asks for, else that of the family's public code.

    The Qwen2.5-VL code brings each image to an area first, which the processor then bounds by its
    own file; the Qwen3-VL code leaves images to the processor alone.

    Raises:
        ValueError: the processor's file asks for something that is not computed here.
    """
    path, processor = read_image_processor(folder)
    _require_known(path, processor)
    stated = _bounds(path, processor)
    if layout.min_pixels is not None and layout.max_pixels is not None:
        budgets = [(layout.min_pixels, layout.max_pixels)]
    elif name is BackboneName.QWEN2_5_VL:
        budgets = [(PUBLISHED_PIXELS, PUBLISHED_PIXELS), stated]
    else:
        budgets = [stated]
    stages = tuple(
        read_image_settings(config, folder, min_pixels=least, max_pixels=most)
        for least, most in budgets
    )
    _require_geometry(path, processor, stages[-1])
    return ImageFitting(stages)


def _bounds(path: Path, processor: Mapping[str, Any]) -> tuple[int, int]:
    """Least and most pixels; ``min_pixels`` and ``max_pixels`` win over ``size``."""
    size = processor.get("size")
    if size is not None and not isinstance(size, dict):
        raise ValueError(f"the size of {path} is not an object")
    edges = {"shortest_edge": UNSTATED[0], "longest_edge": UNSTATED[1]} if size is None else size
    least = processor.get("min_pixels") or edges.get("shortest_edge")
    most = processor.get("max_pixels") or edges.get("longest_edge")
    return _whole(path, least), _whole(path, most)


def _whole(path: Path, bound: object) -> int:
    if not isinstance(bound, int) or isinstance(bound, bool):
        raise TypeError(f"a pixel bound of {path} is {bound!r}, not a whole number")
    return bound


def _require_known(path: Path, processor: Mapping[str, Any]) -> None:
    wrong = [key for key, value in _EXPECTED.items() if processor.get(key, value) != value]
    factor = processor.get("rescale_factor")
    if factor is not None and round(1 / factor, 6) != 255:  # noqa: PLR2004  # a byte's range
        wrong.append("rescale_factor")
    if wrong:
        told = ", ".join(f"{key} {processor[key]!r}" for key in wrong)
        raise ValueError(f"{path} asks for {told}, which the Qwen processors here do not do")


def _require_geometry(path: Path, processor: Mapping[str, Any], settings: ImageSettings) -> None:
    for key in _GEOMETRY:
        if processor.get(key, own := getattr(settings, key)) != own:
            raise ValueError(f"{path} has {key} {processor[key]!r}, but the model {own}")
