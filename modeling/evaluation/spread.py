"""Does σ mean something? Coverage, agreement with human spread, and trust by risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analytics.ranking.correlation import Correlation, spearman
from modeling.config import RubricText
from modeling.data import GroupRow
from modeling.evaluation.pairs import PairTable
from modeling.model import GroupPrediction

Array = NDArray[np.float64]
_LEVELS = (0.5, 0.9)
_MIN_RATERS = 2
_POINTS = 20


@dataclass(frozen=True, slots=True)
class SpreadReport:
    """How predicted σ of one dimension relates to what raters did."""

    against_human_sd: Correlation  # Spearman over candidates with at least two raters
    against_mean: Correlation  # Spearman of predicted and human means over candidates
    coverage: dict[str, float | None]  # share of ratings inside the central interval, by level


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """Error among the most confident pairs, as coverage grows to all of them."""

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    area: float  # AURC, lower is better
    best_area: float  # of an oracle that sorts right pairs before wrong ones


def measure_spread(
    rows: Sequence[GroupRow],
    predictions: Sequence[GroupPrediction],
    rubric: RubricText,
    key: str,
) -> SpreadReport:
    """Compare one dimension's Gaussians with the ratings behind the final scores."""
    column = rubric.index(key)
    sigma, human_sd, means, human_means, ratings = [], [], [], [], []
    for row, prediction in zip(rows, predictions, strict=True):
        for index, candidate in enumerate(row.candidates):
            given = candidate.ratings.get(key, ())
            score = candidate.scores.get(key)
            if score is not None:
                means.append(prediction.mean[index, column])
                human_means.append(float(score))
            if len(given) >= _MIN_RATERS:
                sigma.append(prediction.std[index, column])
                human_sd.append(float(np.std(given, ddof=1)))
            spread = (prediction.mean[index, column], prediction.std[index, column])
            ratings += [(*spread, float(level)) for level in given]
    return SpreadReport(
        against_human_sd=spearman(sigma, human_sd),
        against_mean=spearman(means, human_means),
        coverage=_coverage(np.array(ratings).reshape(-1, 3)),
    )


def _coverage(ratings: Array) -> dict[str, float | None]:
    """Share of ratings in central intervals of N(μ, σ² + π²/3), after a linear map to levels.

    π²/3 is the logistic rating noise itself. The map is the least-squares line from μ to levels,
    because μ is in logits; columns are μ, σ and the level.
    """
    if len(ratings) < _POINTS or np.ptp(ratings[:, 0]) == 0:
        return {f"{level:.0%}": None for level in _LEVELS}
    slope, intercept = np.polyfit(ratings[:, 0], ratings[:, 2], 1)
    centre = intercept + slope * ratings[:, 0]
    width = abs(slope) * np.sqrt(np.square(ratings[:, 1]) + np.pi**2 / 3)
    found: dict[str, float | None] = {}
    for level in _LEVELS:
        reach = stats.norm.ppf((1 + level) / 2) * width
        # Half a level of grace: a rating is an interval of the continuous scale.
        found[f"{level:.0%}"] = float(np.mean(np.abs(ratings[:, 2] - centre) <= reach + 0.5))
    return found


def measure_risk_coverage(table: PairTable) -> RiskCoverage | None:
    """Sort human-ordered pairs by the probability of the predicted order; ``None`` without any."""
    strict = table.select(table.strict)
    if not len(strict):
        return None
    confidence = np.abs(strict.gap) / np.sqrt(1 + np.pi * strict.variance / 8)
    wrong = (np.sign(strict.gap) != np.sign(strict.human)).astype(np.float64)
    risk = _running_mean(wrong[np.argsort(-confidence, kind="stable")])
    best = _running_mean(np.sort(wrong))
    shown = np.unique(np.linspace(0, len(risk) - 1, _POINTS).round().astype(int))
    return RiskCoverage(
        coverage=tuple(((shown + 1) / len(risk)).tolist()),
        risk=tuple(risk[shown].tolist()),
        area=float(risk.mean()),
        best_area=float(best.mean()),
    )


def _running_mean(values: Array) -> Array:
    means: Array = np.cumsum(values) / np.arange(1, len(values) + 1)
    return means
