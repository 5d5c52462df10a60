"""Does σ mean something? Coverage, agreement with human spread, and trust by risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analytics.limits import FEWEST_RATERS
from analytics.ranking.correlation import Correlation, spearman
from modeling.config import RubricText
from modeling.data import GroupRow
from modeling.evaluation.pairs import PairTable
from modeling.model import GroupPrediction

Array = NDArray[np.float64]
_LEVELS = (0.5, 0.9)
_POINTS = 20
_BINS = 10


@dataclass(frozen=True, slots=True)
class SpreadBin:
    """Candidates of similar predicted σ: how far off the model is, how far apart the raters."""

    sigma: float  # mean predicted σ, in logits
    error: float | None  # mean distance of the expected level, if known, from the final score
    human_sd: float | None  # mean deviation among raters, where two or more rated
    candidates: int


@dataclass(frozen=True, slots=True)
class SpreadReport:
    """How predicted σ of one dimension relates to what raters did."""

    against_human_sd: Correlation  # Spearman over candidates with at least two raters
    against_mean: Correlation  # Spearman of predicted and human means over candidates
    coverage: dict[str, float | None]  # share of ratings inside the central interval, by level
    bins: tuple[SpreadBin, ...]  # up to ten of equal size, by ascending σ


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
    table = _tabulate(rows, predictions, rubric.index(key), key)
    half_step = rubric.dimension(key).step / 2
    scored = table.select(~np.isnan(table.score))
    compared = table.select(~np.isnan(table.human_sd))
    return SpreadReport(
        against_human_sd=spearman(compared.std, compared.human_sd),
        against_mean=spearman(scored.mean, scored.score),
        coverage=_coverage(_ratings(rows, table, key), grace=half_step),
        bins=_bins(scored),
    )


@dataclass(frozen=True, slots=True)
class _Candidates:
    """One dimension of N candidates; NaN where there is no human rating."""

    mean: Array
    std: Array
    level: Array  # expected level
    score: Array  # final score
    human_sd: Array  # deviation among two raters or more

    def select(self, rows: NDArray[np.bool_]) -> _Candidates:
        return _Candidates(*(getattr(self, item.name)[rows] for item in fields(self)))


def _tabulate(
    rows: Sequence[GroupRow], predictions: Sequence[GroupPrediction], column: int, key: str
) -> _Candidates:
    people = [each for row in rows for each in row.candidates]
    scores = [each.scores.get(key) for each in people]
    ratings = [each.ratings.get(key, ()) for each in people]
    return _Candidates(
        mean=np.concatenate([each.mean[:, column] for each in predictions]),
        std=np.concatenate([each.std[:, column] for each in predictions]),
        level=np.concatenate([each.level[:, column] for each in predictions]),
        score=np.array([np.nan if score is None else float(score) for score in scores]),
        human_sd=np.array(
            [np.std(given, ddof=1) if len(given) >= FEWEST_RATERS else np.nan for given in ratings]
        ),
    )


def _ratings(rows: Sequence[GroupRow], table: _Candidates, key: str) -> Array:
    """Every rating with its candidate's μ and σ, (ratings, 3)."""
    people = [each for row in rows for each in row.candidates]
    columns = [
        (mean, std, float(level))
        for mean, std, person in zip(table.mean, table.std, people, strict=True)
        for level in person.ratings.get(key, ())
    ]
    return np.array(columns, dtype=np.float64).reshape(-1, 3)


def _bins(scored: _Candidates) -> tuple[SpreadBin, ...]:
    """Bins of equal size by ascending σ, of candidates whose scores are known."""
    order = np.argsort(scored.std, kind="stable")
    error = np.abs(scored.level - scored.score)
    return tuple(
        SpreadBin(
            sigma=float(scored.std[part].mean()),
            error=_mean_of_known(error[part]),
            human_sd=_mean_of_known(scored.human_sd[part]),
            candidates=len(part),
        )
        for part in np.array_split(order, _BINS)
        if len(part)
    )


def _mean_of_known(values: Array) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None


def _coverage(ratings: Array, *, grace: float) -> dict[str, float | None]:
    """Share of ratings in central intervals of N(μ, σ² + π²/3), after a linear map to levels.

    π²/3 is the logistic rating noise itself. The map is the least-squares line from μ to levels,
    because μ is in logits; columns are μ, σ and the level. A level represents an interval of the
    continuous scale, so that it counts as inside if it is at most ``grace`` beyond.
    """
    if len(ratings) < _POINTS or np.ptp(ratings[:, 0]) == 0:
        return {f"{level:.0%}": None for level in _LEVELS}
    slope, intercept = np.polyfit(ratings[:, 0], ratings[:, 2], 1)
    centre = intercept + slope * ratings[:, 0]
    width = abs(slope) * np.sqrt(np.square(ratings[:, 1]) + np.pi**2 / 3)
    found: dict[str, float | None] = {}
    for level in _LEVELS:
        reach = stats.norm.ppf((1 + level) / 2) * width
        found[f"{level:.0%}"] = float(np.mean(np.abs(ratings[:, 2] - centre) <= reach + grace))
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
