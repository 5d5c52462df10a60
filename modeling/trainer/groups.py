"""transformers' Trainer over item groups: the same exact loss for any micro-batches."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import (
    EarlyStoppingCallback,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)
from typing_extensions import override

from modeling.config import AggregationName
from modeling.data import GroupDataset, TrainBatch, collate
from modeling.evaluation import heldout_metrics
from modeling.heads import Predicted
from modeling.losses import Objective, Totals
from modeling.model import GroupPrediction, NotFiniteError, RewardNetwork
from modeling.trainer.parallel import (
    SharedTotals,
    average_gradients,
    process_index,
    world_size,
)
from modeling.trainer.portions import Portions
from modeling.trainer.predicting import predict_dataset

logger = logging.getLogger(__name__)


class TrainingDivergedError(ValueError):
    """The loss is no longer a number; learning cannot continue after that step."""


@dataclass(frozen=True, slots=True)
class RankingTask:
    """What to minimise, and the share (E, items) of each item for each ensemble member."""

    objective: Objective
    shares: Tensor

    @property
    def aggregation(self) -> AggregationName:
        """How the objective aggregates, which predictions must follow."""
        return self.objective.settings.aggregation

    def loss(self, predicted: Predicted, batch: TrainBatch, totals: Totals) -> Tensor:
        """The batch's part of the loss."""
        sizes = torch.tensor([group.size for group in batch.groups])
        shares = self.shares[:, list(batch.positions)].repeat_interleave(sizes, dim=1)
        device = predicted.cutpoints.device
        terms = self.objective(predicted, batch.targets, totals, shares.to(device))
        return torch.stack(list(terms.values())).sum()


class GroupTrainer(Trainer):
    """Trains on whole items; running out of memory halves the micro-batch, never the batch."""

    def __init__(
        self,
        network: RewardNetwork,
        *,
        arguments: TrainingArguments,
        task: RankingTask,
        train: GroupDataset,
        validation: GroupDataset | None,
        callbacks: Sequence[TrainerCallback] = (),
    ) -> None:
        super().__init__(
            model=network,
            args=arguments,
            data_collator=collate,
            train_dataset=train,
            eval_dataset=validation,
            callbacks=list(callbacks),
        )
        self.remove_callback(PrinterCallback)  # it prints to standard output, which is the caller's
        self.network = network
        self.task = task
        self.items = len(train)
        self.micro_groups: int | None = None  # items per backward pass; None: the whole batch

    @override
    def _run_epoch(self, *arguments: Any, **named: Any) -> None:
        """One pass, unless a resumed run had already finished: no further step then."""
        if self.is_trained:
            self.control.should_training_stop = True
        else:
            super()._run_epoch(*arguments, **named)  # type: ignore[no-untyped-call]  # theirs has no types

    @property
    def is_trained(self) -> bool:
        """Whether all steps are done, or held-out pairs got no likelier for long enough."""
        return self.state.global_step >= self.state.max_steps or any(
            each.early_stopping_patience_counter >= each.early_stopping_patience
            for each in self.callback_handler.callbacks
            if isinstance(each, EarlyStoppingCallback)
        )

    @override
    def training_step(
        self,
        model: nn.Module,
        inputs: dict[str, Any],
        num_items_in_batch: Tensor | int | None = None,
    ) -> Tensor:
        """One batch in as many micro-batches as memory asks for."""
        model.train()
        batch: TrainBatch = inputs["batch"]
        device = self.args.device
        own = self._own_items(len(batch))
        batch = batch.slice(0, max(own, 1))  # every process must take part in the pass
        counts = Totals.count(batch.targets) if own else Totals.none()
        totals = SharedTotals(counts, device)
        # DDP's wrapper is left out: gradients are averaged here, once every process got through,
        # and its own messages would wait for a process whose memory ran out before them.
        called = model if self.is_fsdp_enabled else self.network
        return self._step(called, batch, totals, 1.0 if own else 0.0)

    @override
    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Held-out figures, logged and handed to the callbacks like the base class does."""
        dataset = self.eval_dataset
        if not isinstance(dataset, GroupDataset):
            raise TypeError("held-out figures need a GroupDataset")
        try:
            predictions = self.predict_groups(dataset)
        except NotFiniteError as error:
            raise self._diverged("predictions after") from error
        figures = heldout_metrics(dataset.rows, predictions, dataset.rubric)
        metrics = {f"eval_{name}": value for name, value in figures.items()}
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(
            self.args, self.state, self.control, metrics
        )
        return metrics

    def predict_groups(self, dataset: GroupDataset) -> list[GroupPrediction]:
        """Uncalibrated predictions of every item of a data set, in its order."""
        return predict_dataset(
            self.network,
            dataset,
            aggregation=self.task.aggregation,
            portions=Portions(
                self.micro_groups or self.args.per_device_train_batch_size,
                fixed=self.is_fsdp_enabled,
                shared=not self.is_fsdp_enabled,
            ),
        )

    def _own_items(self, given: int) -> int:
        """How many of this process's items count: accelerate repeats some to fill the last step."""
        if world_size() == 1:
            return given
        together = given * world_size()
        begun = self.state.global_step % math.ceil(self.items / together) * together
        return max(0, min(self.items - begun - process_index() * given, given))

    def _diverged(self, what: str) -> TrainingDivergedError:
        return TrainingDivergedError(
            f"training has diverged, the {what} step {self.state.global_step} not finite: give "
            "a lower learning_rate, or look at the weights of the pairs"
        )

    def _step(
        self, model: nn.Module, batch: TrainBatch, totals: SharedTotals, weight: float
    ) -> Tensor:
        """The batch's loss, once every process got through; its gradients averaged over them."""
        # What FSDP trains has no gradients left to average, only the flags to tell.
        averaged = () if self.is_fsdp_enabled else tuple(model.parameters())
        while True:
            loss = self._try_step(model, batch, totals, weight)
            diverged = loss is not None and not bool(torch.isfinite(loss))
            flags = torch.tensor([loss is None, diverged], device=self.args.device)
            short, diverged = average_gradients(averaged, flags=flags).tolist()
            if diverged:
                raise self._diverged("loss after")
            if loss is not None and not short:
                return loss
            self._shrink(model, len(batch))

    def _try_step(
        self, model: nn.Module, batch: TrainBatch, totals: SharedTotals, weight: float
    ) -> Tensor | None:
        """The batch's loss with its gradients in place; ``None`` if memory ran out."""
        total = torch.zeros((), device=self.args.device)
        try:
            for micro in self._micro_batches(batch):
                loss = self._micro_loss(model, micro, totals) * weight
                self.accelerator.backward(loss)
                total += loss.detach()
        except torch.OutOfMemoryError:
            if self.is_fsdp_enabled or (self.micro_groups or len(batch)) <= 1:
                raise
            return None
        return total

    def _micro_batches(self, batch: TrainBatch) -> Iterator[TrainBatch]:
        size = self.micro_groups or len(batch)
        for start in range(0, len(batch), size):
            yield batch.slice(start, start + size).to(self.args.device)

    def _micro_loss(self, model: nn.Module, batch: TrainBatch, totals: SharedTotals) -> Tensor:
        with self.compute_loss_context_manager():
            predicted = model(batch.groups)
        return self.task.loss(predicted, batch, totals.wait())

    def _shrink(self, model: nn.Module, groups: int) -> None:
        model.zero_grad()
        self.micro_groups = max(1, (self.micro_groups or groups) // 2)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        logger.warning("out of memory: going on with %d items per pass", self.micro_groups)
