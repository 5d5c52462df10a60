"""What a user may choose about a Qwen backbone, and building one from a model folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import PreTrainedConfig
from transformers.initialization import no_init_weights

from modeling.backbones.base import read_options
from modeling.backbones.qwen.families import Family
from modeling.backbones.qwen.files import (
    CONFIG_FILE,
    read_image_processor,
    read_object,
    weight_files,
)
from modeling.backbones.qwen.images import DEFAULT_MAX_PIXELS, DEFAULT_MIN_PIXELS, ImageSettings
from modeling.backbones.qwen.weights import load_weights, read_safetensors
from modeling.config.fields import check_least, check_types

# A name with a slash would make transformers fetch a kernel from the hub and run it.
# Flash kernels take no block mask, and these models do not support flex_attention.
ATTENTIONS = ("sdpa", "eager")
# What a configuration may say about running code or about numbers, which only options decide.
_IGNORED_SUFFIXES = ("attn_implementation", "experts_implementation", "auto_map", "dtype")
_IGNORED_PARTS = ("quantization_config",)


class DtypeName(StrEnum):
    """Number format of the weights."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"

    @property
    def torch_dtype(self) -> torch.dtype:
        """The torch type of this name."""
        return torch.float32 if self is DtypeName.FLOAT32 else torch.bfloat16


@dataclass(frozen=True, slots=True)
class QwenOptions:
    """The ``backbone_options`` of a training run."""

    model: str  # local folder or hub name
    revision: str | None = None  # of the hub name
    random_weights: bool = False  # the architecture alone, for studies of speed
    dtype: DtypeName = DtypeName.FLOAT32
    attention: str = "sdpa"  # transformers' name of it, one of ATTENTIONS
    min_pixels: int | None = None  # null: 56², or ``max_pixels`` where that is less
    max_pixels: int = DEFAULT_MAX_PIXELS
    max_dimensions: int = 8  # reward tokens that exist; a rubric may use fewer
    max_tokens: int = 16384  # of one packed training sequence; more items make more of them
    max_rows: int = 0  # prompts scored side by side; 0 lets the device decide

    def __post_init__(self) -> None:
        """Refuse what no model could be built with, or no item be read with."""
        check_types(self)
        check_least(self, 1, "max_pixels", "max_dimensions", "max_tokens")
        check_least(self, 0, "max_rows")
        if not 1 <= self.least_pixels <= self.max_pixels:
            raise ValueError(
                f"min_pixels must be at least 1 and at most max_pixels, {self.max_pixels}, "
                f"not {self.min_pixels}"
            )
        check_attention(self.attention)

    @property
    def least_pixels(self) -> int:
        """The least pixels of a fitted image."""
        if self.min_pixels is None:
            return min(DEFAULT_MIN_PIXELS, self.max_pixels)
        return self.min_pixels

    @classmethod
    def from_mapping(cls, options: Mapping[str, Any]) -> QwenOptions:
        """Read plain options; ``ValueError`` names wrong and unknown ones and a missing model."""
        if "model" not in options:
            raise ValueError("backbone option 'model' must name a local folder or a hub model")
        return read_options(cls, options)


def check_attention(name: str) -> None:
    """``ValueError`` unless an implementation takes block masks."""
    if name not in ATTENTIONS:
        raise ValueError(
            f"unknown attention {name!r}; block masks are taken by {', '.join(ATTENTIONS)}"
        )


def read_config(family: Family, folder: Path) -> PreTrainedConfig:
    """The transformers configuration; ``ValueError`` where the folder is of another family."""
    value = read_object(folder / CONFIG_FILE)
    if (found := value.get("model_type")) != family.name.value:
        raise ValueError(f"{folder} contains a {found!r} model, not {family.name.value!r}")
    return make_config(family, value)


def make_config(family: Family, value: Mapping[str, Any]) -> PreTrainedConfig:
    """A configuration from plain data, without any keys that would choose code to run."""
    return family.config_class.from_dict(_harmless(value))


def _harmless(value: Any) -> Any:  # noqa: ANN401  # any JSON
    if isinstance(value, list):
        return [_harmless(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _harmless(each)
        for key, each in value.items()
        if key not in _IGNORED_PARTS and not key.endswith(_IGNORED_SUFFIXES)
    }


def read_image_settings(config: PreTrainedConfig, folder: Path, **pixels: int) -> ImageSettings:
    """Patch geometry from the model, mean and deviation from the processor's file."""
    path, processor = read_image_processor(folder)
    if lacking := sorted({"image_mean", "image_std"} - set(processor)):
        raise ValueError(f"{path} lacks {', '.join(lacking)}")
    vision = config.vision_config
    return ImageSettings(
        patch_size=int(vision.patch_size),
        merge_size=int(vision.spatial_merge_size),
        temporal_patch_size=int(vision.temporal_patch_size),
        mean=tuple(processor["image_mean"]),
        std=tuple(processor["image_std"]),
        **pixels,
    )


def empty_model(
    family: Family, config: PreTrainedConfig, *, dtype: DtypeName, attention: str
) -> nn.Module:
    """The architecture with memory not yet written; load weights before use."""
    with no_init_weights():
        return _build(family, config, dtype, attention)


def build_model(
    family: Family,
    config: PreTrainedConfig,
    weights: Path | None,
    *,
    dtype: DtypeName,
    attention: str,
) -> nn.Module:
    """The architecture with the weights of a model folder, or freshly drawn without one."""
    if weights is None:
        return _build(family, config, dtype, attention)
    model = empty_model(family, config, dtype=dtype, attention=attention)
    load_weights(model, read_safetensors(weight_files(weights)), dtype=dtype.torch_dtype)
    return model


def _build(family: Family, config: PreTrainedConfig, dtype: DtypeName, attention: str) -> nn.Module:
    check_attention(attention)
    make = family.model_class._from_config  # noqa: SLF001  # the only door to an implementation
    model: nn.Module = make(  # type: ignore[no-untyped-call]  # transformers is untyped
        config, dtype=dtype.torch_dtype, attn_implementation=attention
    )
    return model
