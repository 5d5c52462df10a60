"""What a checkpoint folder must be before anything is built from it; ``reading`` calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from modeling.checkpoint.layout import PICKLE_SUFFIXES

CONFIG_LIMIT = 2**20  # bytes
BLOBS = "blobs"  # where a hub cache keeps the files that its snapshots link to
REPEATED = ("num_hidden_layers", "depth", "ensemble")  # each of them costs at least one tensor
SPARE = 1_000_000  # elements that a network may have beyond twice those of its file


class CheckpointError(ValueError):
    """A folder that is not a loadable checkpoint of this project."""


def refuse_pickles(folder: Path) -> None:
    """Refuse a file in a folder's place and any file that would have to be unpickled."""
    if folder.is_file():
        raise CheckpointError(f"{folder} is a file; a reward model is a folder of safetensors")
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    pickles = [name for name in names if Path(name).suffix.lower() in PICKLE_SUFFIXES]
    if pickles:
        raise CheckpointError(
            f"{folder} contains pickled files, which are refused: {', '.join(pickles)}"
        )


def require_file(folder: Path, name: str) -> Path:
    """A regular file of the folder; links may lead only into a hub cache's blobs."""
    path = folder / name
    if not path.is_file():
        raise CheckpointError(f"{folder} is not a reward model: {name} is missing")
    real, home = path.resolve(), folder.resolve()
    if not real.is_relative_to(home) and real.parent != home.parent.parent / BLOBS:
        raise CheckpointError(f"{folder} is refused: {name} is a link to a place outside it")
    return path


def tensor_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a safetensors file, from its header alone."""
    try:
        with safe_open(path, framework="pt") as file:
            return {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118  # not a mapping
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"{path} is not a readable safetensors file: {error}") from error


def check_fit(
    config: Mapping[str, Any],
    shapes: Mapping[str, tuple[int, ...]],
    build: Callable[[], nn.Module],
) -> None:
    """Build without memory first, so that no configuration can ask for more than its file has.

    Raises:
        CheckpointError: the network that the configuration describes does not match the file.
    """
    check_repeats(config, len(shapes))
    with torch.device("meta"):
        expected = {name: tuple(each.shape) for name, each in build().state_dict().items()}
    wrong = sorted(name for name, shape in shapes.items() if expected.get(name) != shape)
    if wrong:
        raise CheckpointError(f"the weights do not fit the configuration: {', '.join(wrong[:5])}")
    held = sum(prod(shape) for shape in shapes.values())
    if sum(prod(shape) for shape in expected.values()) > 2 * held + SPARE:
        raise CheckpointError("the configuration describes a far larger network than its weights")


def check_finite(tensors: Mapping[str, Tensor], what: str) -> None:
    """Refuse NaN and infinity: such a network would silently score everything alike.

    Raises:
        CheckpointError: a tensor contains NaN or infinity.
    """
    wrong = [name for name, tensor in tensors.items() if not _finite(tensor)]
    if wrong:
        shown = ", ".join(sorted(wrong)[:5])
        raise CheckpointError(f"{what} are not finite, as after a training that diverged: {shown}")


def _finite(tensor: Tensor) -> bool:
    if not tensor.numel() or not tensor.is_floating_point():
        return True
    lowest, highest = torch.aminmax(tensor)  # NaN comes through; no copy as large as the tensor
    return bool(torch.isfinite(lowest) & torch.isfinite(highest))


def check_repeats(config: Mapping[str, Any], tensors: int) -> None:
    """Refuse more layers than there are tensors; building them one by one could take days."""
    if max(_repeats(config), default=0) > tensors:
        raise CheckpointError("the configuration has more layers than its weights have tensors")


def _repeats(value: object) -> Iterator[int]:
    """Every count of layers and the like, at any depth."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key in REPEATED and isinstance(each, int):
                yield each
            yield from _repeats(each)
