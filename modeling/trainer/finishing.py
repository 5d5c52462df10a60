"""After the last step: calibrate, judge, probe, save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from modeling.backbones import ItemInputs
from modeling.checkpoint import CheckpointFacts, read_config, save_checkpoint
from modeling.config import RubricText, Split, TrainConfig
from modeling.data import Dataset, GroupDataset, GroupRow
from modeling.evaluation import (
    Judged,
    evaluate,
    fit_calibration,
    heldout_metrics,
    to_plain,
)
from modeling.model import Calibration, GroupPrediction, LastLayerLaplace, RewardNetwork, predict
from modeling.probes import ProbeItem, run_probes
from modeling.trainer.card import write_card
from modeling.trainer.laplace import fit_laplace
from modeling.trainer.predicting import predict_dataset
from modeling.trainer.sets import TrainingSets

_PROBED = 64  # items; enough for an interval of ±12 points


@dataclass(frozen=True, slots=True)
class Finisher:
    """A trained network with what is needed to judge and save it."""

    config: TrainConfig
    dataset: Dataset
    network: RewardNetwork
    sets: TrainingSets

    def finish(self, output: Path) -> dict[str, Any]:
        """Write the checkpoint with its card; returns the held-out figures by split."""
        laplace = fit_laplace(self.network, self.sets.train)
        raw = {
            split: Judged(held.rows, self._predict(held, laplace))
            for split, held in (
                (Split.VALIDATION, self.sets.validation),
                (Split.TEST, self.sets.test),
            )
            if len(held)
        }
        rubric = self.dataset.rubric
        calibration = _calibrate(raw.get(Split.VALIDATION), rubric)
        judged = {split: _calibrated(each, calibration, rubric) for split, each in raw.items()}
        metrics = {
            split.value: to_plain(heldout_metrics(each.rows, each.predictions, rubric))
            for split, each in judged.items()
        }
        facts = CheckpointFacts(
            backbone=self.config.backbone,
            aggregation=self.config.loss.aggregation,
            calibration=calibration,
            dataset_sha256=self.dataset.sha256,
            training=self.config.to_json(),
            metrics=metrics,
        )
        save_checkpoint(output, self.network, facts, laplace)
        self._write_card(output, judged, calibration)
        return metrics

    def _predict(
        self, held: GroupDataset, laplace: LastLayerLaplace | None
    ) -> list[GroupPrediction]:
        return predict_dataset(
            self.network,
            held,
            aggregation=self.config.loss.aggregation,
            batch=self.config.groups_per_batch,
            laplace=laplace,
        )

    def _write_card(
        self, output: Path, judged: dict[Split, Judged], calibration: Calibration
    ) -> None:
        held_out = self.sets.held_out
        if held_out is None:
            return
        split, held = held_out
        rng = np.random.default_rng(self.config.seed)
        other = judged.get(Split.VALIDATION) if split is Split.TEST else None
        report = evaluate(judged[split], self.dataset.rubric, rng=rng, calibration=other)

        def score(items: Sequence[ItemInputs]) -> list[GroupPrediction]:
            return predict(
                self.network,
                [self.network.backbone.prepare(item, self.dataset.rubric) for item in items],
                aggregation=self.config.loss.aggregation,
                calibration=calibration,
            )

        probes = run_probes(probe_items(held), score)
        write_card(
            output,
            {
                "config": read_config(output),
                "split": split.value,
                "evaluation": to_plain(report),
                "probes": to_plain(probes),
            },
        )


def _calibrate(judged: Judged | None, rubric: RubricText) -> Calibration:
    """Factors from the validation items, whose σ are raw; none without such items."""
    if judged is None:
        return Calibration()
    return fit_calibration(judged.rows, judged.predictions, rubric)


def _calibrated(judged: Judged, calibration: Calibration, rubric: RubricText) -> Judged:
    predictions = [each.calibrated(calibration, rubric.keys) for each in judged.predictions]
    return Judged(judged.rows, predictions)


def probe_items(held: GroupDataset) -> list[ProbeItem]:
    """The first items whose candidates are scored on every dimension, with their best one."""
    found: list[ProbeItem] = []
    for index, row in enumerate(held.rows):
        best = _best(row, held.rubric.weights, held.rubric.keys)
        if best is not None and len(found) < _PROBED:
            found.append(ProbeItem(held.inputs(index), best))
    return found


def _best(row: GroupRow, weights: Sequence[float], keys: Sequence[str]) -> str | None:
    totals: dict[str, float] = {}
    for candidate in row.candidates:
        scores = [candidate.scores.get(key) for key in keys]
        known = [score for score in scores if score is not None]
        if len(known) == len(keys):
            pairs = zip(weights, known, strict=True)
            totals[candidate.candidate_id] = sum(weight * float(score) for weight, score in pairs)
    return max(totals, key=lambda key: totals[key]) if totals else None
