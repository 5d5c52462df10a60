"""What the planted truth says of a trained model. Used by the studies of the reward model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analytics.overall import OVERALL
from benchmarks.reward_model_campaign import Campaign, Plan
from modeling.backbones import PreparedGroup
from modeling.checkpoint import LoadedModel, load_checkpoint
from modeling.cli.evaluate import open_row
from modeling.data import Dataset, GroupRow, read_dataset
from modeling.evaluation import collect_pairs
from modeling.evaluation.reliability import measure_reliability
from modeling.model import Calibration, GroupPrediction, predict
from simulation.annotators.rosters import build_roster
from simulation.ceilings import AmbiguityCeiling, ambiguity_ceilings, roc_area
from simulation.ratings import TruthTable
from simulation.truth import DIMENSIONS

Floats = NDArray[np.float64]
_BATCH = 16


@dataclass(frozen=True)
class TruthMeasure:
    """Figures of a checkpoint on the test items, before any calibration on validation items.

    ``truth_*``: share of candidate pairs in the order of their true quality. ``sigma_auc_*``: the
    area under the ROC curve with which σ finds the half of the candidates that is truly more
    ambiguous. ``sigma_disagree_*``: the same for the candidates on which raters differed.
    """

    dataset: Dataset
    rows: list[GroupRow]
    truth: TruthTable

    @classmethod
    def of(cls, campaign: Campaign) -> Self:
        """Open the test items of a campaign."""
        dataset = read_dataset(campaign.folder)
        rows = [dataset.groups[index] for index in campaign.test]
        truth = campaign.truth
        return cls(
            dataset, rows, TruthTable(truth.quality[campaign.test], truth.ambiguity[campaign.test])
        )

    def __call__(self, checkpoint: Path) -> dict[str, float | None]:
        """All figures by name."""
        model = load_checkpoint(checkpoint)
        found = self._predict(model)
        pairs = collect_pairs(self.rows, found, self.dataset.rubric)
        raw = measure_reliability(pairs, np.random.default_rng(0))
        figures: dict[str, float | None] = {
            "nll_raw": None if raw is None else raw.nll.value,
            "ece_raw": None if raw is None else raw.ece,
        }
        mean, std, chance = (
            np.stack([getattr(each, name) for each in found])
            for name in ("mean", "std", "disagreement")
        )
        overall = np.stack([each.overall_mean for each in found])
        figures[f"truth_{OVERALL}"] = ordered_share(overall, self.truth.quality.sum(axis=-1))
        for column, key in enumerate(DIMENSIONS):
            quality, ambiguity = self.truth.quality[..., column], self.truth.ambiguity[..., column]
            sigma = std[..., column].ravel()
            figures[f"truth_{key}"] = ordered_share(mean[..., column], quality)
            figures[f"sigma_auc_{key}"] = roc_area(sigma, above_median(ambiguity))
            figures[f"sigma_disagree_{key}"] = roc_area(sigma, self._disagree(key))
            figures[f"sigma_median_{key}"] = float(np.median(sigma))
            figures[f"rating_disagree_{key}"] = roc_area(
                chance[..., column].ravel(), self._disagree(key)
            )
        return figures

    def _disagree(self, key: str) -> NDArray[np.bool_]:
        given = [each.ratings.get(key, ()) for row in self.rows for each in row.candidates]
        return np.array([len(set(levels)) > 1 for levels in given])

    def _predict(self, model: LoadedModel) -> list[GroupPrediction]:
        network = model.network
        found: list[GroupPrediction] = []
        for start in range(0, len(self.rows), _BATCH):
            groups: list[PreparedGroup] = [
                network.backbone.prepare(open_row(row, self.dataset), model.rubric)
                for row in self.rows[start : start + _BATCH]
            ]
            found += predict(
                network, groups, aggregation=model.aggregation, calibration=Calibration()
            )
        return found


def ordered_share(predicted: Floats, true: Floats) -> float:
    """Share of the pairs within each row of (items, k) that both arrays put in one order."""
    first, second = np.triu_indices(true.shape[1], k=1)
    wanted = np.sign(true[:, first] - true[:, second])
    found = np.sign(predicted[:, first] - predicted[:, second])
    return float((wanted == found)[wanted != 0].mean())


def above_median(values: Floats) -> NDArray[np.bool_]:
    """Which of the values lie above their median."""
    flat = values.ravel()
    return np.asarray(flat > np.median(flat))


def ambiguity_bounds(campaign: Campaign, plan: Plan, seed: int) -> dict[str, float]:
    """What truth and rater count allow a σ to show, see :class:`AmbiguityCeiling`."""
    truth = campaign.truth
    judged = TruthTable(truth.quality[campaign.test], truth.ambiguity[campaign.test])
    people = build_roster(seed, plan.roster)
    found: dict[str, AmbiguityCeiling] = ambiguity_ceilings(
        judged, people, plan.raters, np.random.default_rng([seed, 3])
    )
    bounds = {f"sigma_disagree_{key}": each.oracle for key, each in found.items()}
    return bounds | {f"sigma_auc_{key}": each.ratings for key, each in found.items()}
