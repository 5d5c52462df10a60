"""Weights into the bare model, whichever of the two historic key layouts a file has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

MODEL_PREFIX = "model."
OUTPUT_PREFIX = "lm_head."
PARTS = ("visual.", "language_model.")
SHOWN = 5  # keys named in an error


def bare_name(key: str) -> str | None:
    """Name of a generation model's weight in the model without output layer; None: not in it.

    transformers wrote ``visual.*`` and ``model.layers.*`` until 4.51 and writes
    ``model.visual.*`` and ``model.language_model.layers.*`` since; hub files have either.
    """
    if key.startswith(OUTPUT_PREFIX):
        return None
    if key.startswith(PARTS):
        return key
    inner = key.removeprefix(MODEL_PREFIX)
    return inner if inner.startswith(PARTS) else f"language_model.{inner}"


def load_weights(model: nn.Module, state: Mapping[str, Tensor], *, dtype: torch.dtype) -> None:
    """Put a checkpoint's tensors into ``model``; ``ValueError`` unless every one has a value."""
    named = {name: value for key, value in state.items() if (name := bare_name(key)) is not None}
    cast = {
        name: value.to(dtype) if value.is_floating_point() else value
        for name, value in named.items()
    }
    problems = model.load_state_dict(cast, strict=False, assign=True)
    if problems.missing_keys or problems.unexpected_keys:
        raise ValueError(
            f"weights do not fit: {_some('missing', problems.missing_keys)}; "
            f"{_some('unknown', problems.unexpected_keys)}"
        )


def read_safetensors(files: Iterable[Path]) -> dict[str, Tensor]:
    """All tensors of some safetensors files, on the CPU; ``ValueError`` names a damaged file."""
    state: dict[str, Tensor] = {}
    for path in files:
        try:
            state.update(load_file(path, device="cpu"))
        except SafetensorError as error:
            raise ValueError(f"{path} is not a readable safetensors file: {error}") from error
    return state


def _some(word: str, keys: list[str]) -> str:
    rest = f" and {len(keys) - SHOWN} more" if len(keys) > SHOWN else ""
    return f"{len(keys)} {word} ({', '.join(keys[:SHOWN])}{rest})"
