"""The trained weights of a run that has yet to be judged: a kill then costs no training."""

from __future__ import annotations

from pathlib import Path

from safetensors import safe_open
from safetensors.torch import load_model, save_model

from modeling.trainer.building import Trainable

TRAINED_FILE = "trained.safetensors"


def save_trained(folder: Path, trainable: Trainable, steps: int) -> None:
    """Keep merged weights and the steps that they took; the file appears when complete."""
    draft = folder / f".{TRAINED_FILE}"
    save_model(trainable.network, str(draft), metadata={"steps": str(steps)})
    draft.replace(folder / TRAINED_FILE)


def load_trained(folder: Path, trainable: Trainable) -> int | None:
    """Fill a merged network with the kept weights and return the steps; ``None`` without any."""
    path = folder / TRAINED_FILE
    if not path.is_file():
        return None
    trainable.merge()
    load_model(trainable.network, path)
    with safe_open(path, framework="pt") as file:
        return int(file.metadata()["steps"])
