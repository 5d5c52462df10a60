"""A LoRA adapter, merged into the weights that it was trained on; ``weights`` calls it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from modeling.backbones.qwen.weights import bare_name
from modeling.checkpoint.adapters import ADAPTER_CONFIG_FILE, read_adapter_config
from modeling.released.heads import EMBEDDING_SUFFIX, of_a_head

LORA_FILES = ("adapter_model.safetensors", "adapter_model.bin")
REST_FILE = "non_lora_state_dict.pth"  # heads and the like, where a trainer kept them apart
PREFIX = "base_model.model."
_WORDS = re.compile(r"\.(?:base_layer|modules_to_save(?:\.\w+)?)(?=\.)")  # PEFT's wrappers
_FACTOR = re.compile(r"(?P<module>.+)\.lora_(?P<side>[AB])(?:\.default)?\.weight")
# What would change weights in another way than B·A; all are off by default.
_UNKNOWN = (
    "use_dora",
    "fan_in_fan_out",
    "lora_bias",
    "layer_replication",
    "target_parameters",
    "trainable_token_indices",
)


@dataclass(frozen=True, slots=True)
class Lora:
    """An adapter's tensors under the names of the base, and the factor of each product."""

    folder: Path
    factors: Mapping[str, tuple[Tensor, Tensor]]  # A (rank, in) and B (out, rank) by module
    scales: Mapping[str, float]
    whole: Mapping[str, Tensor]  # weights that replace the base's


def read_lora(folder: Path, tensors: Mapping[str, Tensor]) -> Lora:
    """Sort an adapter's tensors.

    Raises:
        ValueError: it is not a LoRA adapter, or one of a kind that is not merged here.
    """
    config = read_adapter_config(folder)
    _require_plain(folder, config)
    sides: dict[str, dict[str, Tensor]] = {}
    whole: dict[str, Tensor] = {}
    for key, value in tensors.items():
        name = _WORDS.sub("", key.removeprefix(PREFIX))
        if found := _FACTOR.fullmatch(name):
            sides.setdefault(found["module"], {})[found["side"]] = value
        elif "lora_" in name:
            raise ValueError(f"{folder} has {key!r}, which is not merged here; merge it with PEFT")
        else:
            whole[name] = value
    if lacking := [module for module, pair in sides.items() if len(pair) != len("AB")]:
        raise ValueError(f"{folder} has one factor only of {lacking[0]!r}")
    factors = {module: (pair["A"], pair["B"]) for module, pair in sides.items()}
    scales = {module: _scale(config, module, len(a)) for module, (a, _) in factors.items()}
    return Lora(folder, factors, scales, whole)


def merge_adapter(base: Mapping[str, Tensor], lora: Lora) -> dict[str, Tensor]:
    """The base's weights with W + scale · B·A for each adapted matrix, and whole ones replaced.

    ``ValueError`` names what the base does not have or has in another shape.
    """
    merged = {name: value for key, value in base.items() if (name := _name(key)) is not None}
    for key, value in lora.whole.items():
        if (name := _name(key)) is not None:
            _require_place(lora, merged, name, value)
            merged[name] = value
    for module, (a, b) in lora.factors.items():
        name = _name(f"{module}.weight")
        if name is None:  # the output layer, on which no score depends
            continue
        weight = merged.get(name)
        if weight is None or weight.shape != (len(b), a.shape[-1]):
            raise ValueError(f"{lora.folder} adapts {name}, which its base does not have so")
        change = lora.scales[module] * (b.float() @ a.float())
        merged[name] = (weight.float() + change).to(weight.dtype)
    return merged


def _name(key: str) -> str | None:
    return key if of_a_head(key) else bare_name(key)


def _require_place(lora: Lora, merged: Mapping[str, Tensor], name: str, value: Tensor) -> None:
    before = merged.get(name)
    grown = name.endswith(EMBEDDING_SUFFIX)  # by the reward token
    if before is None and not of_a_head(name):
        raise ValueError(f"{lora.folder} replaces {name}, which its base does not have")
    if before is not None and not grown and before.shape != value.shape:
        raise ValueError(
            f"{lora.folder} replaces {name} of shape {tuple(before.shape)} by {tuple(value.shape)}"
        )


def _require_plain(folder: Path, config: Mapping[str, Any]) -> None:
    path = folder / ADAPTER_CONFIG_FILE
    if config.get("peft_type") != "LORA":
        raise ValueError(f"{path} is of an adapter of kind {config.get('peft_type')!r}, not LORA")
    asked = [key for key in _UNKNOWN if config.get(key)]
    if config.get("bias", "none") != "none":
        asked.append("bias")
    if asked:
        raise ValueError(f"{path} asks for {', '.join(asked)}: merge the adapter with PEFT instead")


def _scale(config: Mapping[str, Any], module: str, rank: int) -> float:
    """α over the rank, or over its root; patterns name modules by the end of their names."""
    alpha = config.get("lora_alpha")
    for pattern, value in (config.get("alpha_pattern") or {}).items():
        if re.match(rf"(.*\.)?({pattern})$", module):
            alpha = value
            break
    if not isinstance(alpha, int | float):
        raise TypeError(f"lora_alpha is {alpha!r}, not a number")
    return float(alpha) / (math.sqrt(rank) if config.get("use_rslora") else rank)
