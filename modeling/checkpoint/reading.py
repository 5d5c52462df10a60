"""Reading a checkpoint folder; anything that would have to be unpickled is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from modeling.backbones import BACKBONES
from modeling.checkpoint.code import code_version
from modeling.checkpoint.guarding import (
    CONFIG_LIMIT,
    CheckpointError,
    check_finite,
    check_fit,
    refuse_pickles,
    require_file,
    tensor_shapes,
)
from modeling.checkpoint.layout import (
    ASSETS_FOLDER,
    CONFIG_FILE,
    FORMAT,
    FORMAT_VERSION,
    LAPLACE_FILE,
)
from modeling.checkpoint.weights import load_weights, refuse_adapter, weight_files
from modeling.config import AggregationName, BackboneName, HeadName, RubricText
from modeling.model import Calibration, LastLayerLaplace, RewardNetwork


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
        CheckpointError: pickled weights, missing files, links out of the folder, another format
            or version, a configuration and weights that do not belong together, or weights that
            are not finite.
    """
    config = read_config(folder)
    try:
        return _load(folder, config)
    except Exception as error:  # a damaged folder fails in every way there is
        raise CheckpointError(
            f"{folder} cannot be loaded: {_reason(error)}{_age(config)}"
        ) from error


def read_config(folder: Path) -> dict[str, Any]:
    """The checked ``config.json`` of a checkpoint folder."""
    refuse_pickles(folder)
    refuse_adapter(folder)
    path = require_file(folder, CONFIG_FILE)
    weight_files(folder)
    if path.stat().st_size > CONFIG_LIMIT:
        raise CheckpointError(f"{path} is longer than {CONFIG_LIMIT:,} bytes")
    try:
        config: Any = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is not JSON: {error}") from error
    if not isinstance(config, dict):
        raise CheckpointError(f"{path} is not a JSON object")
    if config.get("format") != FORMAT or config.get("format_version") != FORMAT_VERSION:
        raise CheckpointError(
            f"{folder} is not a {FORMAT} of version {FORMAT_VERSION}, but "
            f"{config.get('format')!r} of version {config.get('format_version')!r}"
        )
    return config


def _load(folder: Path, config: Mapping[str, Any]) -> LoadedModel:
    for path in (folder / ASSETS_FOLDER).rglob("*"):
        require_file(folder, path.relative_to(folder).as_posix())
    weights = weight_files(folder)
    shapes = {name: shape for path in weights for name, shape in tensor_shapes(path).items()}
    check_fit(config, shapes, partial(_network, config, folder))
    network = _network(config, folder)
    levels = network.cutpoints.get_buffer("missing").clone()
    load_weights(network, weights)
    if not torch.equal(network.cutpoints.get_buffer("missing"), levels):
        raise CheckpointError("the rubric has other numbers of levels than the weights")
    check_finite(network.state_dict(), "the weights")
    return LoadedModel(
        network=network.eval(),
        aggregation=AggregationName(config["aggregation"]),
        calibration=Calibration.from_json(config["calibration"]),
        laplace=_laplace(folder, network) if _has_laplace(folder, config) else None,
        config=config,
    )


def _has_laplace(folder: Path, config: Mapping[str, Any]) -> bool:
    """As its configuration says; older ones do not."""
    return bool(config.get("laplace", (folder / LAPLACE_FILE).exists()))


def _laplace(folder: Path, network: RewardNetwork) -> LastLayerLaplace:
    cholesky = load_file(require_file(folder, LAPLACE_FILE))["cholesky"]
    heads = network.heads
    blocks = {heads.dimensions, 1} if heads.shared else {heads.dimensions}
    wanted = [(count, heads.width, heads.width) for count in sorted(blocks)]
    if tuple(cholesky.shape) not in wanted:
        raise CheckpointError(
            f"{LAPLACE_FILE} does not fit the heads: {tuple(cholesky.shape)} instead of {wanted[0]}"
        )
    check_finite({"cholesky": cholesky}, f"numbers of {LAPLACE_FILE}")
    return LastLayerLaplace(cholesky)


def _age(config: Mapping[str, Any]) -> str:
    """A hint where the folder was written by another state of this code."""
    written, now = config.get("code_version"), code_version()
    return "" if written == now else f" (written by code {written}, this is {now})"


def _reason(error: Exception) -> str:
    name = type(error).__name__
    told = " ".join(str(error).split())  # torch takes several lines
    return f"{name} {told}" if isinstance(error, KeyError) else told or name


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
