"""One training run from a folder of data to a checkpoint; what workers and the CLI call."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import distributed
from transformers import EarlyStoppingCallback, TrainerCallback

from modeling.config import TrainConfig
from modeling.data import read_dataset
from modeling.losses import Objective
from modeling.trainer.arguments import training_arguments
from modeling.trainer.building import Trainable, build_trainable
from modeling.trainer.callbacks import (
    CURVES_FOLDER,
    CurveLog,
    EpochOfData,
    Progress,
    ProgressReport,
    StopOnRequest,
    TrainingCancelledError,
)
from modeling.trainer.finishing import Finisher
from modeling.trainer.groups import GroupTrainer, RankingTask
from modeling.trainer.parallel import is_first_process, join_processes, wait_for_all, world_size
from modeling.trainer.sets import TrainingSets, open_images, open_sets
from modeling.trainer.shares import draw_shares

_NOTE = "run.json"
_PACE = ("threads", "workers")  # settings that may change between the parts of a run


@dataclass(frozen=True, slots=True)
class TrainResult:
    """Where the model lies and how good it is on held-out items."""

    checkpoint: Path
    metrics: Mapping[str, Any]
    steps: int
    dataset_sha256: str


def train(
    config: TrainConfig,
    *,
    data: Path,
    output: Path,
    progress: Progress = lambda _done, _total, _what: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> TrainResult:
    """Train on a folder and write a checkpoint folder.

    The run's own state lies in ``<output>.run`` until it ends well; a run that was killed or
    cancelled goes on from there when called again with the same arguments.

    Args:
        config: every setting of the run.
        data: a training folder (``groups.jsonl``, ``rubric.json``, ``manifest.json``).
        output: the checkpoint folder to create; must not exist.
        progress: told (steps done, steps in all, phase).
        should_stop: asked after every step.

    Raises:
        DataError: bad rows, all listed.
        ValueError: the run's folder holds the state of other settings or other data.
        TrainingCancelledError: ``should_stop`` said so.
    """
    if output.exists():
        raise FileExistsError(f"{output} exists; reward model versions are immutable")
    if config.threads:
        torch.set_num_threads(config.threads)
    join_processes()
    dataset = read_dataset(data)
    folder = run_folder(output)
    claim_run(folder, config, dataset.sha256)
    trainable = build_trainable(config, dataset.rubric)
    backbone = trainable.network.backbone
    images = open_images(dataset, backbone, folder / "images", progress)
    sets = open_sets(config, dataset, backbone, images)
    stop = StopOnRequest(should_stop)
    trainer = _trainer(config, trainable, sets, folder, [ProgressReport(progress), stop])
    trainer.train(resume_from_checkpoint=last_state(folder))
    if stop.stopped:
        raise TrainingCancelledError(f"stopped at step {trainer.state.global_step}")
    metrics: dict[str, Any] = {}
    trained = _gather(config, trainable, trainer)
    if is_first_process():
        metrics = Finisher(config, dataset, trained.network, sets).finish(output)
        (folder / CURVES_FOLDER).rename(output / CURVES_FOLDER)
        shutil.rmtree(folder)
    wait_for_all()
    return TrainResult(output, metrics, trainer.state.global_step, dataset.sha256)


def run_folder(output: Path) -> Path:
    """Where a run keeps its resumable state."""
    return output.with_name(output.name + ".run")


def claim_run(folder: Path, config: TrainConfig, dataset_sha256: str) -> None:
    """Write down what the run is of, or check that it is the same one that goes on."""
    kept = {**config.to_json(), **dict.fromkeys(_PACE), "dataset_sha256": dataset_sha256}
    text = json.dumps(kept, indent=1, sort_keys=True)
    note = folder / _NOTE
    if note.is_file() and note.read_text(encoding="utf-8") != text:
        raise ValueError(
            f"{folder} is the state of a run with other settings or data: give the settings "
            "of that run to go on, or delete the folder to begin anew"
        )
    wait_for_all()  # every process has looked before one writes
    if is_first_process():
        folder.mkdir(parents=True, exist_ok=True)
        note.write_text(text, encoding="utf-8")


def last_state(folder: Path) -> str | None:
    """The newest complete state; one that was cut short lacks its last file."""
    complete = [path.parent for path in folder.glob("checkpoint-*/trainer_state.json")]
    newest = max(complete, key=lambda path: int(path.name.split("-")[1]), default=None)
    return None if newest is None else str(newest)


def _trainer(
    config: TrainConfig,
    trainable: Trainable,
    sets: TrainingSets,
    folder: Path,
    callbacks: list[TrainerCallback],
) -> GroupTrainer:
    evaluate = len(sets.validation) > 0
    if evaluate and config.patience:
        callbacks.append(EarlyStoppingCallback(early_stopping_patience=config.patience))
    callbacks.append(EpochOfData(sets.train))
    callbacks.append(CurveLog(folder / CURVES_FOLDER))
    return GroupTrainer(
        trainable.network,
        arguments=training_arguments(
            config,
            folder,
            items=len(sets.train),
            processes=world_size(),
            evaluate=evaluate,
        ),
        task=RankingTask(
            Objective(config.loss, dimension_weights=sets.train.rubric.weights),
            draw_shares(members=config.ensemble, items=len(sets.train), seed=config.seed),
        ),
        train=sets.train,
        validation=sets.validation if evaluate else None,
        callbacks=callbacks,
    )


def _gather(config: TrainConfig, trainable: Trainable, trainer: GroupTrainer) -> Trainable:
    """The trained network in one piece, adapters merged; sharded weights are brought together."""
    if config.fsdp and distributed.is_initialized():
        state = trainer.accelerator.get_state_dict(trainer.model_wrapped)
        trainable = build_trainable(config, trainable.network.rubric)
        if is_first_process():
            trainable.network.load_state_dict(state)
    trainable.merge()
    return trainable
