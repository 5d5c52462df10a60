"""One training run from a folder of data to a checkpoint; what workers and the CLI call."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import EarlyStoppingCallback, TrainerCallback

from modeling.checkpoint import CheckpointFacts, save_checkpoint
from modeling.config import Split, TrainConfig
from modeling.data import Dataset, GroupDataset, ImageCache, read_dataset
from modeling.data.images import cache_key
from modeling.evaluation import fit_calibration, heldout_metrics
from modeling.losses import Objective
from modeling.model import Calibration
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
from modeling.trainer.groups import GroupTrainer, RankingTask
from modeling.trainer.laplace import fit_laplace
from modeling.trainer.parallel import world_size
from modeling.trainer.shares import draw_shares


@dataclass(frozen=True, slots=True)
class TrainResult:
    """Where the model lies and how good it is on held-out items."""

    checkpoint: Path
    metrics: Mapping[str, Any]
    steps: int
    dataset_sha256: str


@dataclass(frozen=True, slots=True)
class _Sets:
    train: GroupDataset
    validation: GroupDataset
    test: GroupDataset


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
        TrainingCancelledError: ``should_stop`` said so.
    """
    if output.exists():
        raise FileExistsError(f"{output} exists; reward model versions are immutable")
    if config.threads:
        torch.set_num_threads(config.threads)
    dataset = read_dataset(data)
    folder = run_folder(output)
    trainable = build_trainable(config, dataset.rubric)
    sets = _open_sets(config, dataset, trainable, folder, progress)
    stop = StopOnRequest(should_stop)
    trainer = _trainer(config, trainable, sets, folder, [ProgressReport(progress), stop])
    trainer.train(resume_from_checkpoint=last_state(folder))
    if stop.stopped:
        raise TrainingCancelledError(f"stopped at step {trainer.state.global_step}")
    return _finish(config, dataset, trainable, sets, trainer, output)


def run_folder(output: Path) -> Path:
    """Where a run keeps its resumable state."""
    return output.with_name(output.name + ".run")


def last_state(folder: Path) -> str | None:
    """The newest complete state; one that was cut short lacks its last file."""
    complete = [path.parent for path in folder.glob("checkpoint-*/trainer_state.json")]
    newest = max(complete, key=lambda path: int(path.name.split("-")[1]), default=None)
    return None if newest is None else str(newest)


def _open_sets(
    config: TrainConfig,
    dataset: Dataset,
    trainable: Trainable,
    folder: Path,
    progress: Progress,
) -> _Sets:
    if not dataset.split(Split.TRAIN):
        raise ValueError(f"{dataset.folder} has no items in the split 'train'")
    backbone = trainable.network.backbone
    images = open_images(dataset, trainable, folder, progress)

    def open_split(split: Split) -> GroupDataset:
        return GroupDataset(
            dataset.split(split),
            dataset=dataset,
            backbone=backbone,
            images=images,
            ties=config.loss.ties,
            augment_seed=config.seed if config.augment and split is Split.TRAIN else None,
        )

    return _Sets(*(open_split(split) for split in Split))


def open_images(
    dataset: Dataset, trainable: Trainable, folder: Path, progress: Progress
) -> ImageCache:
    """The run's image cache, built once and found again when the run resumes."""
    backbone = trainable.network.backbone
    paths = [
        dataset.path(name)
        for row in dataset.groups
        for name in (row.source_image, *(candidate.image for candidate in row.candidates))
    ]
    place = folder / "images" / cache_key(paths, repr(backbone.config_dict()))
    if (place / "index.json").is_file():
        return ImageCache(place)
    return ImageCache.build(place, paths, fit=backbone.fit_image, progress=progress)


def _trainer(
    config: TrainConfig,
    trainable: Trainable,
    sets: _Sets,
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


def _finish(
    config: TrainConfig,
    dataset: Dataset,
    trainable: Trainable,
    sets: _Sets,
    trainer: GroupTrainer,
    output: Path,
) -> TrainResult:
    trainable.merge()
    network = trainable.network
    calibration = Calibration()
    if len(sets.validation):
        uncalibrated = trainer.predict_groups(sets.validation)
        calibration = fit_calibration(sets.validation.rows, uncalibrated, dataset.rubric)
    metrics = {
        split.value: heldout_metrics(rows.rows, trainer.predict_groups(rows), dataset.rubric)
        for split, rows in ((Split.VALIDATION, sets.validation), (Split.TEST, sets.test))
        if len(rows)
    }
    facts = CheckpointFacts(
        backbone=config.backbone,
        aggregation=config.loss.aggregation,
        calibration=calibration,
        dataset_sha256=dataset.sha256,
        training=config.to_json(),
        metrics=metrics,
    )
    save_checkpoint(output, network, facts, fit_laplace(network, sets.train))
    folder = run_folder(output)
    (folder / CURVES_FOLDER).rename(output / CURVES_FOLDER)
    shutil.rmtree(folder)
    return TrainResult(output, metrics, trainer.state.global_step, dataset.sha256)
