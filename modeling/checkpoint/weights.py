"""The weights of a checkpoint folder of ours, in one file or in shards; ``reading`` calls it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from safetensors.torch import load_file, load_model
from torch import Tensor, nn

from modeling.backbones.qwen.files import INDEX_FILE, shard_names
from modeling.checkpoint.adapters import adapter_base, is_adapter
from modeling.checkpoint.guarding import CheckpointError, require_file
from modeling.checkpoint.layout import WEIGHTS_FILE


def refuse_adapter(folder: Path) -> None:
    """``CheckpointError`` says what an adapter without a model needs."""
    if is_adapter(folder) and not any((folder / name).is_file() for name in _NAMES):
        raise CheckpointError(
            f"{folder} is a PEFT adapter of {adapter_base(folder)!r}, not one of our reward "
            "models: training saves models with their adapters merged; one of a released "
            "EditReward model is opened with its base (`score … --base`, ReleasedRewardModel)"
        )


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files; ``CheckpointError`` names the one that is missing or elsewhere."""
    index = folder / INDEX_FILE
    if (folder / WEIGHTS_FILE).is_file() or not index.is_file():
        return [require_file(folder, WEIGHTS_FILE)]
    try:
        names = shard_names(index)
    except ValueError as error:
        raise CheckpointError(str(error)) from error
    return [require_file(folder, name) for name in names]


def load_weights(network: nn.Module, files: Sequence[Path]) -> None:
    """Fill a network; ``CheckpointError`` where shards leave a tensor without a value."""
    if len(files) == 1:
        load_model(network, files[0])
        return
    state: dict[str, Tensor] = {}
    for path in files:
        state.update(load_file(path))
    missing, _ = network.load_state_dict(state, strict=False)
    own = network.state_dict()
    filled = {own[name].data_ptr() for name in state}
    if absent := [name for name in missing if own[name].data_ptr() not in filled]:
        raise CheckpointError(f"the shards have no {', '.join(sorted(absent)[:5])}")


_NAMES = (WEIGHTS_FILE, INDEX_FILE)
