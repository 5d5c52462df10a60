"""Weights, heads and tokenizer of a published checkpoint, read without running anything in it."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedConfig

from modeling.backbones.qwen.core import QwenCore
from modeling.backbones.qwen.families import FAMILIES, Family
from modeling.backbones.qwen.files import (
    CONFIG_FILE,
    MissingFilesError,
    find_model,
    loading,
    missing_files,
    read_object,
)
from modeling.backbones.qwen.options import empty_model, read_config, read_image_settings
from modeling.backbones.qwen.tokens import PromptTokenizer
from modeling.backbones.qwen.weights import load_weights, read_safetensors
from modeling.checkpoint.guarding import check_repeats
from modeling.checkpoint.layout import FORMAT
from modeling.config import BackboneName
from modeling.released.layout import ReleasedLayout
from modeling.released.network import ReleasedNetwork, rating_head
from modeling.released.wording import REWARD_TOKEN

WEIGHT_FILES = ("model.safetensors", "model.pth")
HEADS_PREFIX, SHARED_HEAD_PREFIX = "rm_heads.", "rm_head."
WRAPPER_KEY = "model"  # trainers wrap the state under this key
EMBEDDING_SUFFIX = "embed_tokens.weight"


def load_released(checkpoint: Path, *, base: str | None, layout: ReleasedLayout) -> ReleasedNetwork:
    """Build the network of a checkpoint folder.

    Args:
        checkpoint: folder with ``model.safetensors`` or ``model.pth``.
        base: folder or hub name of the pretrained model that supplies configuration, tokenizer
            and image settings; None where the checkpoint folder has them.
        layout: prompts, positions and precision.

    Raises:
        MissingFilesError: weights, or files of the base model, are not there.
        ValueError: the weights have another layout or do not fit the base model, or a file is
            damaged.
    """
    with loading(checkpoint):
        return _build(read_state(checkpoint), _describing_folder(checkpoint, base), layout)


def _build(state: Mapping[str, Tensor], folder: Path, layout: ReleasedLayout) -> ReleasedNetwork:
    family = _family(folder)
    config = read_config(family, folder)
    backbone_state = {key: value for key, value in state.items() if not _of_a_head(key)}
    check_repeats(config.to_dict(), len(state))
    rows = _vocabulary(backbone_state)
    config.text_config.vocab_size = rows
    model = empty_model(family, config, dtype=layout.dtype, attention=layout.attention)
    load_weights(model, backbone_state, dtype=layout.dtype.torch_dtype)
    tokenizer = PromptTokenizer.read(folder)
    network = ReleasedNetwork(
        _core(family, config, model, folder, layout),
        read_heads(state, config.text_config.hidden_size, len(layout.prompts)),
        tokenizer,
        layout=layout,
        reward_token=reward_token(tokenizer, rows),
    )
    return network.eval()


def is_released(folder: Path) -> bool:
    """Whether a folder has weights of the published layout and is no checkpoint of ours."""
    return any((folder / name).is_file() for name in WEIGHT_FILES) and not _is_ours(folder)


def read_state(checkpoint: Path) -> dict[str, Tensor]:
    """Tensors of the weight file; a ``.pth`` is unpickled with ``weights_only``."""
    for name in WEIGHT_FILES:
        path = checkpoint / name
        if path.is_file():
            pickled = path.suffix != ".safetensors"
            return _read_pth(path) if pickled else read_safetensors([path])
    raise MissingFilesError(str(checkpoint), [" or ".join(WEIGHT_FILES)], f"in {checkpoint}")


def read_heads(state: Mapping[str, Tensor], hidden_size: int, count: int) -> list[nn.Module]:
    """One head per prompt: ``rm_heads.head_0``, ``head_1`` …, or the shared ``rm_head`` for all."""
    shared = any(key.startswith(SHARED_HEAD_PREFIX) for key in state)
    own = tuple(f"{HEADS_PREFIX}head_{index}." for index in range(count))
    prefixes = (SHARED_HEAD_PREFIX,) if shared else own
    strange = [key for key in state if _of_a_head(key) and not key.startswith(prefixes)]
    if strange:
        raise ValueError(
            f"the weights hold {strange[0]!r} beside {', '.join(each[:-1] for each in prefixes)}, "
            f"which answer all {count} prompts"
        )
    heads = [_read_head(state, prefix, hidden_size) for prefix in prefixes]
    return heads * count if shared else heads


def reward_token(tokenizer: PromptTokenizer, rows: int) -> int:
    """Id of ``<|Reward|>``: the tokenizer's, or the row added last to a base tokenizer's."""
    if tokenizer.knows(REWARD_TOKEN):
        return tokenizer.control(REWARD_TOKEN)
    if rows == tokenizer.size + 1:
        return tokenizer.size
    raise ValueError(
        f"the tokenizer has no {REWARD_TOKEN} and the embedding has {rows} rows, not "
        f"{tokenizer.size + 1}: pass the checkpoint's own tokenizer.json"
    )


def _is_ours(folder: Path) -> bool:
    try:
        value = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    except OSError:
        return False
    except (ValueError, RecursionError):
        return True  # a damaged one of ours; released folders hold transformers' file or none
    return isinstance(value, dict) and value.get("format") == FORMAT


def _core(
    family: Family, config: PreTrainedConfig, model: nn.Module, folder: Path, layout: ReleasedLayout
) -> QwenCore:
    images = read_image_settings(
        config, folder, min_pixels=layout.min_pixels, max_pixels=layout.max_pixels
    )
    return QwenCore(family, model, images, dimensions=0, layout=layout.positions)


def _describing_folder(checkpoint: Path, base: str | None) -> Path:
    if base is not None:
        return find_model(base, weights=False)
    if missing := missing_files(checkpoint, weights=False):
        raise MissingFilesError(str(checkpoint), missing, "by itself; name its base model")
    return checkpoint


def _family(folder: Path) -> Family:
    found = read_object(folder / CONFIG_FILE).get("model_type")
    if found not in list(FAMILIES):
        raise ValueError(f"{folder} holds a {found!r} model, none of {', '.join(FAMILIES)}")
    return FAMILIES[BackboneName(found)]


def _read_pth(path: Path) -> dict[str, Tensor]:
    try:
        loaded: Any = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except (RuntimeError, pickle.UnpicklingError, EOFError) as error:
        first = str(error).partition("\n")[0]
        raise ValueError(f"{path} is refused, it holds more than tensors: {first}") from error
    state = loaded.get(WRAPPER_KEY, loaded) if isinstance(loaded, dict) else None
    if not isinstance(state, dict) or not all(isinstance(each, Tensor) for each in state.values()):
        raise ValueError(f"{path} is refused: it is no mapping of names to tensors")
    return state


def _of_a_head(key: str) -> bool:
    return key.startswith((HEADS_PREFIX, SHARED_HEAD_PREFIX))


def _vocabulary(state: Mapping[str, Tensor]) -> int:
    for key, value in state.items():
        if key.endswith(EMBEDDING_SUFFIX):
            return len(value)
    raise ValueError(f"the weights hold no {EMBEDDING_SUFFIX}")


def _read_head(state: Mapping[str, Tensor], prefix: str, hidden_size: int) -> nn.Module:
    own = {
        key.removeprefix(prefix): value.float()
        for key, value in state.items()
        if key.startswith(prefix)
    }
    if not own:
        raise ValueError(f"the weights hold no head {prefix.rstrip('.')!r}")
    head = rating_head(hidden_size)
    try:
        head.load_state_dict(own)
    except RuntimeError as error:
        raise ValueError(f"head {prefix.rstrip('.')!r} has another layout: {error}") from error
    return head
