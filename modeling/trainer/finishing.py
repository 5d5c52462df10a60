"""After the last step: calibrate, judge, probe, save."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analytics.overall import OVERALL
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
from modeling.evaluation.pairs import human_score
from modeling.model import Calibration, GroupPrediction, LastLayerLaplace, RewardNetwork
from modeling.probes import ProbeItem, ProbeResult, run_probes
from modeling.trainer.card import write_card
from modeling.trainer.laplace import fit_laplace
from modeling.trainer.parallel import is_first_process
from modeling.trainer.portions import Portions
from modeling.trainer.predicting import predict_dataset, predict_each
from modeling.trainer.sets import TrainingSets

_PROBED = 64  # items; enough for an interval of ±12 points


@dataclass(frozen=True, slots=True)
class Finisher:
    """A trained network with what is needed to judge and save it."""

    config: TrainConfig
    dataset: Dataset
    network: RewardNetwork
    sets: TrainingSets
    portions: Portions

    def finish(self, output: Path, *, curves: Path) -> dict[str, Any]:
        """Write the checkpoint with its card and curves; returns the held-out figures by split.

        Processes that share the work all come here; only the first one writes and has figures.
        """
        laplace = self._laplace()
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
        probes = self._probe(calibration)
        if not is_first_process():
            return {}
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

        def accompany(draft: Path) -> None:
            self._write_card(draft, judged, probes)
            if curves.is_dir():
                shutil.copytree(curves, draft / curves.name)

        save_checkpoint(output, self.network, facts, laplace, accompany=accompany)
        return metrics

    def _laplace(self) -> LastLayerLaplace | None:
        """None for an ensemble, whose members' spread says what it does not know."""
        if self.config.ensemble > 1:
            return None
        return fit_laplace(self.network, self.sets.train, self.portions)

    def _predict(
        self, held: GroupDataset, laplace: LastLayerLaplace | None
    ) -> list[GroupPrediction]:
        return predict_dataset(
            self.network,
            held,
            aggregation=self.config.loss.aggregation,
            portions=self.portions,
            laplace=laplace,
        )

    def _write_card(
        self, output: Path, judged: dict[Split, Judged], probes: list[ProbeResult] | None
    ) -> None:
        held_out = self.sets.held_out
        if held_out is None:
            facts = {"config": read_config(output), "split": None}
            write_card(output, {**facts, "evaluation": None, "probes": None})
            return
        split, _ = held_out
        rng = np.random.default_rng(self.config.seed)
        other = judged.get(Split.VALIDATION) if split is Split.TEST else None
        rubric = self.dataset.rubric
        report = evaluate(judged[split], rubric, rng=rng, calibration=other)
        write_card(
            output,
            {
                "config": read_config(output),
                "split": split.value,
                "evaluation": to_plain(report),
                "probes": to_plain(probes),
            },
        )

    def _probe(self, calibration: Calibration) -> list[ProbeResult] | None:
        """The failure probes on held-out items, if there are any."""
        if self.sets.held_out is None:
            return None
        _, held = self.sets.held_out
        rubric = self.dataset.rubric

        def score(items: Sequence[ItemInputs]) -> list[GroupPrediction]:
            found = predict_each(
                self.network,
                len(items),
                lambda index: self.network.backbone.prepare(items[index], rubric),
                aggregation=self.config.loss.aggregation,
                portions=self.portions,
            )
            return [each.calibrated(calibration, rubric.keys) for each in found]

        return run_probes(probe_items(held), score)


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
        best = best_candidate(row, held.rubric)
        if best is not None and len(found) < _PROBED:
            found.append(ProbeItem(held.inputs(index), best))
    return found


def best_candidate(row: GroupRow, rubric: RubricText) -> str | None:
    """The candidate with the highest score, the first of equals; the sums are exact."""
    scores = [(human_score(each, rubric, OVERALL), each.candidate_id) for each in row.candidates]
    known = [(score, name) for score, name in scores if score is not None]
    return max(known, key=lambda each: each[0])[1] if known else None
