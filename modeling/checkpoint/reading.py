"""Reading a checkpoint folder; anything that would have to be unpickled is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, load_model

from modeling.backbones import BACKBONES
from modeling.checkpoint.layout import (
    ASSETS_FOLDER,
    CONFIG_FILE,
    FORMAT,
    FORMAT_VERSION,
    LAPLACE_FILE,
    PICKLE_SUFFIXES,
    WEIGHTS_FILE,
)
from modeling.config import AggregationName, BackboneName, HeadName, RubricText
from modeling.model import Calibration, LastLayerLaplace, RewardNetwork


class CheckpointError(ValueError):
    """A folder that is no loadable checkpoint of this project."""


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A trained network in evaluation mode with what its checkpoint says about it."""

    network: RewardNetwork
    aggregation: AggregationName
    calibration: Calibration
    laplace: LastLayerLaplace | None
    config: Mapping[str, Any]

    @property
    def rubric(self) -> RubricText:
        """The rubric that the model was trained on."""
        return self.network.rubric


def load_checkpoint(folder: Path) -> LoadedModel:
    """Load a folder written by :func:`save_checkpoint`.

    Raises:
        CheckpointError: pickled weights, missing files, another format or version, or weights of
            an architecture that is gone.
    """
    config = read_config(folder)
    network = _network(config, folder)
    try:
        load_model(network, folder / WEIGHTS_FILE)
    except RuntimeError as error:
        raise CheckpointError(
            f"the weights in {folder}, saved by code {config['code_version']}, fit no network of "
            "this version; train the model anew"
        ) from error
    laplace_file = folder / LAPLACE_FILE
    laplace = None
    if laplace_file.is_file():
        laplace = LastLayerLaplace(load_file(laplace_file)["cholesky"])
    return LoadedModel(
        network=network.eval(),
        aggregation=AggregationName(config["aggregation"]),
        calibration=Calibration.from_json(config["calibration"]),
        laplace=laplace,
        config=config,
    )


def read_config(folder: Path) -> dict[str, Any]:
    """The checked ``config.json`` of a checkpoint folder."""
    _refuse_pickles(folder)
    for name in (CONFIG_FILE, WEIGHTS_FILE):
        if not (folder / name).is_file():
            raise CheckpointError(f"{folder} is no reward model: {name} is missing")
    config: dict[str, Any] = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    if config.get("format") != FORMAT or config.get("format_version") != FORMAT_VERSION:
        raise CheckpointError(
            f"{folder} is no {FORMAT} of version {FORMAT_VERSION}, but "
            f"{config.get('format')!r} of version {config.get('format_version')!r}"
        )
    return config


def _refuse_pickles(folder: Path) -> None:
    if folder.is_file():
        raise CheckpointError(f"{folder} is a file; a reward model is a folder of safetensors")
    pickles = [path.name for path in folder.glob("*") if path.suffix in PICKLE_SUFFIXES]
    if pickles:
        raise CheckpointError(f"{folder} holds pickled files, refused: {', '.join(pickles)}")


def _network(config: Mapping[str, Any], folder: Path) -> RewardNetwork:
    backbone = BACKBONES[BackboneName(config["backbone"]["name"])].from_config(
        config["backbone"]["config"], folder / ASSETS_FOLDER
    )
    settings = config["network"]
    return RewardNetwork(
        backbone,
        rubric=RubricText.from_json(config["rubric"]),
        head=HeadName(settings["head"]),
        head_hidden=tuple(settings["head_hidden"]),
        head_dropout=settings["head_dropout"],
        ensemble=settings["ensemble"],
    )
