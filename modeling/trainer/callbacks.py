"""Hooks into the training loop: progress, cancelling, epochs."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from torch.utils.tensorboard import SummaryWriter
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from typing_extensions import override

from modeling.data import GroupDataset

Progress = Callable[[int, int, str], None]
CURVES_FOLDER = "tensorboard"


class TrainingCancelledError(RuntimeError):
    """The caller asked to stop; the run's state stays on disk and can be resumed."""


class ProgressReport(TrainerCallback):
    """Tells how many of the optimiser steps are done."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    @override
    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        self.progress(state.global_step, state.max_steps, "training")


class StopOnRequest(TrainerCallback):
    """Asks the caller after every step whether to continue; a stop saves the state first."""

    def __init__(self, should_stop: Callable[[], bool]) -> None:
        self.should_stop = should_stop
        self.stopped = False

    @override
    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        if self.should_stop():
            self.stopped = True
            control.should_save = True
            control.should_training_stop = True


class EpochOfData(TrainerCallback):
    """Tells the data set its epoch, so that a resumed run mirrors the same images."""

    def __init__(self, dataset: GroupDataset) -> None:
        self.dataset = dataset

    @override
    def on_epoch_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        self.dataset.set_epoch(math.floor((state.epoch or 0.0) + 1e-6))


class CurveLog(TrainerCallback):
    """Writes every logged figure as a TensorBoard curve, from the first process only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.writer: SummaryWriter | None = None

    @override
    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        if not state.is_world_process_zero:
            return
        if self.writer is None:
            self.writer = SummaryWriter(str(self.folder))
        for name, value in kwargs.get("logs", {}).items():
            if isinstance(value, int | float):
                self.writer.add_scalar(name, value, state.global_step)

    @override
    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        if self.writer is not None:
            self.writer.close()
