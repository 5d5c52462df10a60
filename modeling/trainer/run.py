"""One training run from a folder of data to a checkpoint; what workers and the CLI call."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import distributed
from transformers import EarlyStoppingCallback, TrainerCallback

from modeling.config import TrainConfig
from modeling.data import Dataset, read_dataset
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
from modeling.trainer.claiming import claim_run, describe_run, hold_run, last_state, require_new
from modeling.trainer.finishing import Finisher
from modeling.trainer.groups import GroupTrainer, RankingTask
from modeling.trainer.parallel import (
    is_first_process,
    join_processes,
    take_idle_cores,
    wait_for_all,
    world_size,
)
from modeling.trainer.portions import Portions
from modeling.trainer.sets import TrainingSets, images_key, open_images, open_sets, require_ordered
from modeling.trainer.shares import draw_shares


@dataclass(frozen=True, slots=True)
class TrainResult:
    """The path of the model and its accuracy on held-out items."""

    checkpoint: Path
    metrics: Mapping[str, Any]
    steps: int
    dataset_sha256: str


def _silent(_done: int, _total: int, _phase: str) -> None:
    """Discard the progress report."""


def train(
    config: TrainConfig,
    *,
    data: Path,
    output: Path,
    progress: Progress = _silent,
    should_stop: Callable[[], bool] = lambda: False,
) -> TrainResult:
    """Train on a folder and write a checkpoint folder.

    The run's state is in ``<output>.run`` until it succeeds; a run that was killed or cancelled
    resumes from there when called again with the same arguments.

    Args:
        config: every setting of the run.
        data: a training folder (``groups.jsonl``, ``rubric.json``, ``manifest.json``).
        output: the checkpoint folder to create; must not exist.
        progress: called with (steps done, steps in all, phase), in the first process only.
        should_stop: called after every step.

    Raises:
        DataError: bad rows, all listed.
        ValueError: impossible settings, the state of other settings or other data in the run's
            folder, or a loss that is no longer a number.
        FileExistsError: the output exists already.
        RuntimeError: another process is training it.
        TrainingCancelledError: ``should_stop`` returned true.
    """
    require_new(output)
    join_processes()
    if config.threads:  # after joining, which may set another number
        torch.set_num_threads(config.threads)
    if not is_first_process():
        progress = _silent
    dataset = read_dataset(data)
    trainable = build_trainable(config, dataset.rubric)
    backbone = trainable.network.backbone
    key = images_key(dataset, backbone)
    with hold_run(output) as folder:
        claim_run(folder, describe_run(config, dataset, key))
        images = open_images(dataset, backbone, folder / "images" / key, progress)
        run = _Run(config, dataset, open_sets(config, dataset, backbone, images), folder)
        metrics, steps = run.complete(output, trainable, progress, StopOnRequest(should_stop))
        wait_for_all()
    return TrainResult(output, metrics, steps, dataset.sha256)


@dataclass(frozen=True, slots=True)
class _Run:
    """A claimed run with its data."""

    config: TrainConfig
    dataset: Dataset
    sets: TrainingSets
    folder: Path

    def complete(
        self, output: Path, trainable: Trainable, progress: Progress, stop: StopOnRequest
    ) -> tuple[dict[str, Any], int]:
        """Train, then judge and save; the figures and the steps."""
        trainer = _trainer(
            self.config, trainable, self.sets, self.folder, [ProgressReport(progress), stop]
        )
        trainer.train(resume_from_checkpoint=last_state(self.folder))
        steps = trainer.state.global_step
        if stop.stopped:
            raise TrainingCancelledError(f"stopped at step {steps}")
        trained = _gather(self.config, trainable, trainer)
        if self.config.fsdp:
            if not is_first_process():
                return {}, steps  # the first one has the network now, in one piece
            take_idle_cores()
        portions = Portions(
            trainer.micro_groups or self.config.groups_per_batch, shared=not self.config.fsdp
        )
        finisher = Finisher(self.config, self.dataset, trained.network, self.sets, portions)
        metrics = finisher.finish(output, curves=self.folder / CURVES_FOLDER)
        if is_first_process():
            shutil.rmtree(self.folder)
        return metrics, steps


def _trainer(
    config: TrainConfig,
    trainable: Trainable,
    sets: TrainingSets,
    folder: Path,
    callbacks: list[TrainerCallback],
) -> GroupTrainer:
    evaluate = len(sets.validation) > 0
    if config.patience:
        require_ordered(sets.validation)
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
            Objective(config.loss, rubric=sets.train.rubric),
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
    # Whoever loads the model computes without the training's mixed precision.
    trainer.accelerator.unwrap_model(trainable.network, keep_fp32_wrapper=False)
    trainable.merge()
    return trainable
