"""The tensors of a released folder: one file, shards, or an adapter merged into its base."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from modeling.backbones.qwen.files import (
    CONFIG_FILE,
    INDEX_FILE,
    MissingFilesError,
    find_local,
    find_model,
    weight_files,
)
from modeling.backbones.qwen.weights import read_safetensors
from modeling.checkpoint.adapters import ADAPTER_CONFIG_FILE, adapter_base, is_adapter
from modeling.checkpoint.layout import FORMAT
from modeling.released.adapter import LORA_FILES, REST_FILE, merge_adapter, read_lora

WEIGHT_FILES = ("model.pth", "model.safetensors")  # the order in which the public code looks
PICKLE_SUFFIXES = (".pth", ".bin")
WRAPPER_KEY = "model"  # trainers wrap the state under this key


def is_released(folder: Path) -> bool:
    """Whether a folder has weights of the published layout rather than a checkpoint of ours."""
    names = (*WEIGHT_FILES, INDEX_FILE, ADAPTER_CONFIG_FILE)
    return any((folder / name).is_file() for name in names) and not _is_ours(folder)


def find_base(checkpoint: Path, base: str | None) -> str | None:
    """The base that was named, or that an adapter names and that is on this machine.

    ``ValueError`` names the missing base that an adapter needs, and the remedy.
    """
    if base is not None or not _is_adapter_alone(checkpoint):
        return base
    needed = adapter_base(checkpoint)
    if (found := find_local(needed)) is not None:
        return str(found)
    raise ValueError(
        f"{checkpoint} is a LoRA adapter of {needed!r}, which is not on this machine: pass the "
        "folder or hub name of that model as the base (--base), or merge the adapter where its "
        "base is (PeftModel.from_pretrained(base, adapter).merge_and_unload()) and save the result"
    )


def read_state(checkpoint: Path, *, base: str | None = None) -> dict[str, Tensor]:
    """Tensors of a folder by name; a pickle is opened with ``weights_only``.

    ``base`` is the folder or hub name into whose weights an adapter is merged.

    Raises:
        MissingFilesError: there are no weights, or a shard or the base's are not there.
        ValueError: a file is damaged or contains more than tensors, or an adapter does not fit.
    """
    for name in WEIGHT_FILES:
        if (checkpoint / name).is_file():
            return read_tensors(checkpoint / name)
    if (checkpoint / INDEX_FILE).is_file():
        files = weight_files(checkpoint)
        if missing := [path.name for path in files if not path.is_file()]:
            raise MissingFilesError(str(checkpoint), missing, f"in {checkpoint}")
        return read_safetensors(files)
    if is_adapter(checkpoint) and base is not None:
        return _merged(checkpoint, base)
    names = [*WEIGHT_FILES, INDEX_FILE]
    raise MissingFilesError(str(checkpoint), [" or ".join(names)], f"in {checkpoint}")


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Tensors of one file; ``ValueError`` if it contains anything else."""
    if path.suffix not in PICKLE_SUFFIXES:
        return read_safetensors([path])
    try:
        loaded: Any = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except (RuntimeError, pickle.UnpicklingError, EOFError) as error:
        first = str(error).partition("\n")[0]
        raise ValueError(f"{path} is refused: it contains more than tensors: {first}") from error
    state = loaded.get(WRAPPER_KEY, loaded) if isinstance(loaded, dict) else None
    if not isinstance(state, dict) or not all(isinstance(each, Tensor) for each in state.values()):
        raise ValueError(f"{path} is refused: it is not a mapping of names to tensors")
    return state


def _merged(checkpoint: Path, base: str) -> dict[str, Tensor]:
    folder = find_model(base, weights=not Path(base).expanduser().is_dir())
    files = [checkpoint / name for name in LORA_FILES if (checkpoint / name).is_file()]
    if not files:
        raise MissingFilesError(str(checkpoint), [" or ".join(LORA_FILES)], f"in {checkpoint}")
    tensors = read_tensors(files[0])
    if (checkpoint / REST_FILE).is_file():
        tensors |= read_tensors(checkpoint / REST_FILE)
    return merge_adapter(read_state(folder), read_lora(checkpoint, tensors))


def _is_adapter_alone(folder: Path) -> bool:
    whole = any((folder / name).is_file() for name in (*WEIGHT_FILES, INDEX_FILE))
    return is_adapter(folder) and not whole


def _is_ours(folder: Path) -> bool:
    try:
        value = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    except OSError:
        return False
    except (ValueError, RecursionError):
        return True  # a damaged one of ours; released folders hold transformers' file or none
    return isinstance(value, dict) and value.get("format") == FORMAT
