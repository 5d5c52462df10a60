"""Writing a checkpoint folder, complete or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safetensors.torch import save_file, save_model

from modeling.checkpoint.code import code_version
from modeling.checkpoint.guarding import check_finite
from modeling.checkpoint.layout import (
    ASSETS_FOLDER,
    CONFIG_FILE,
    FORMAT,
    FORMAT_VERSION,
    LAPLACE_FILE,
    WEIGHTS_FILE,
)
from modeling.config import AggregationName, BackboneName
from modeling.model import Calibration, LastLayerLaplace, RewardNetwork


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """What a checkpoint says about itself besides its weights."""

    backbone: BackboneName
    aggregation: AggregationName
    calibration: Calibration = field(default_factory=Calibration)
    dataset_sha256: str = ""
    training: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)


def save_checkpoint(
    folder: Path,
    network: RewardNetwork,
    facts: CheckpointFacts,
    laplace: LastLayerLaplace | None = None,
    *,
    accompany: Callable[[Path], None] = lambda _draft: None,
) -> None:
    """Write the folder next to its place and move it there; an existing one is refused.

    ``accompany`` adds what else belongs to the folder, before anyone can see it.

    Raises:
        CheckpointError: weights that are not finite.
    """
    if folder.exists():
        raise FileExistsError(f"{folder} exists; reward model versions are immutable")
    check_finite(network.state_dict(), "the weights")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write(draft, network, facts, laplace)
        accompany(draft)
        draft.chmod(0o755)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _write(
    folder: Path,
    network: RewardNetwork,
    facts: CheckpointFacts,
    laplace: LastLayerLaplace | None,
) -> None:
    save_model(network, str(folder / WEIGHTS_FILE))
    if laplace is not None:
        save_file({"cholesky": laplace.cholesky.contiguous()}, folder / LAPLACE_FILE)
    assets = folder / ASSETS_FOLDER
    assets.mkdir()
    network.backbone.save_assets(assets)
    config = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "code_version": code_version(),
        "backbone": {"name": facts.backbone.value, "config": network.backbone.config_dict()},
        "network": network.settings,
        "aggregation": facts.aggregation.value,
        "rubric": network.rubric.to_json(),
        "calibration": facts.calibration.to_json(),
        "dataset_sha256": facts.dataset_sha256,
        "training": dict(facts.training),
        "metrics": dict(facts.metrics),
        "laplace": laplace is not None,
    }
    text = json.dumps(config, indent=2, sort_keys=True, allow_nan=False)
    (folder / CONFIG_FILE).write_text(text + "\n", encoding="utf-8")
