"""The folder of a run in progress: its owner, its settings and data, and its progress."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from modeling.config import TrainConfig
from modeling.data import Dataset
from modeling.data.replacing import replace_text
from modeling.trainer.parallel import (
    any_process,
    is_first_process,
    process_device,
    wait_for_all,
    world_size,
)

PACE = ("threads", "workers")  # settings that may change between the parts of a run
_NOTE, _LOCK = "run.json", "lock"


def run_folder(output: Path) -> Path:
    """Where a run keeps its resumable state."""
    return output.with_name(output.name + ".run")


@contextmanager
def hold_run(output: Path) -> Iterator[Path]:
    """The run's folder, kept from other commands until the block ends or the process dies.

    Raises:
        FileExistsError: the output is there already.
        RuntimeError: another process trains it.
    """
    require_new(output)
    folder = run_folder(output)
    if not is_first_process():  # which locks the folder for all
        _refuse_taken(output, taken=False)
        yield folder
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w", encoding="utf-8") as lock:
        _refuse_taken(output, taken=not _lock(lock.fileno()))
        require_new(output)  # whoever held the folder may have finished just now
        yield folder


def require_new(output: Path) -> None:
    """Refuse to train what exists."""
    if output.exists():
        raise FileExistsError(f"{output} exists; reward model versions are immutable")


def _refuse_taken(output: Path, *, taken: bool) -> None:
    if any_process(flag=taken, device=process_device()):
        raise RuntimeError(f"another process trains {output}")


def _lock(file: int) -> bool:
    try:
        # Not flock: data workers would inherit it and outlive a killed run for seconds.
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def describe_run(config: TrainConfig, dataset: Dataset, images: str) -> dict[str, Any]:
    """What a run is of, ``images`` by their key: all that must not change before it ends."""
    return {
        **config.to_json(),
        **dict.fromkeys(PACE),
        "dataset_sha256": dataset.sha256,
        "content_sha256": dataset.content_sha256,
        "images": images,
        "processes": world_size(),  # each adds its items to a step, and steps are counted
    }


def claim_run(folder: Path, note: Mapping[str, Any]) -> None:
    """Record what the run is of, or check that a resumed run is the same one.

    Raises:
        ValueError: there is a state to resume from, but it is another run's.
    """
    path = folder / _NOTE
    text = json.dumps(note, indent=1, sort_keys=True)
    begun = last_state(folder) is not None
    if begun and (changed := _changes(path, json.loads(text))):
        raise ValueError(
            f"{folder} is the state of a run with other settings or data ({', '.join(changed)}): "
            "give the settings of that run to continue, or delete the folder to start again"
        )
    wait_for_all()  # every process has looked before one writes
    if is_first_process():
        replace_text(path, text)


def _changes(path: Path, note: Mapping[str, Any]) -> list[str]:
    kept = _read_object(path)
    return [path.name] if kept is None else [key for key in note if kept.get(key) != note[key]]


def last_state(folder: Path) -> str | None:
    """The newest complete state; in one that was cut short the last file is missing or broken."""
    complete = [
        path.parent
        for path in folder.glob("checkpoint-*/trainer_state.json")
        if _read_object(path) is not None
    ]
    newest = max(complete, key=lambda path: int(path.name.split("-")[1]), default=None)
    return None if newest is None else str(newest)


def _read_object(path: Path) -> dict[str, Any] | None:
    try:
        value: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
