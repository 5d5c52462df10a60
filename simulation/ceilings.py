"""What a perfect model could reach on simulated ratings: the ceilings of measured figures.

Monte Carlo over the roster and the noise. A campaign's ratings are simulated many times; the
oracle knows the truth, that is, the distribution of every score, but not the draw it is judged by.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.overall import OVERALL
from simulation.annotators.annotator import Annotator
from simulation.ratings import Floats, TruthTable, simulate_ratings
from simulation.truth import DIMENSIONS

# Scores are means of integers: smaller differences are rounding.
_SAME = 1e-9


@dataclass(frozen=True)
class AccuracyCeiling:
    """The best expected accuracy on pairs scored by the mean of so many raters.

    `strict` counts pairs that the ratings put in an order; `three_class` counts ties as a separate
    class; `tie_share` is the always-tie floor of `three_class`; `pairs` the pairs per campaign.
    """

    strict: float
    three_class: float
    tie_share: float
    pairs: int


@dataclass(frozen=True)
class AmbiguityCeiling:
    """How well true ambiguity can show, as areas under the ROC curve.

    `oracle`: the true chance of disagreement predicts whether this campaign's raters disagree: no
    σ can do better against observed disagreement. `ratings`: the observed standard deviation finds
    the half of the candidates with the larger true ambiguity: what the ratings alone can show.
    """

    oracle: float
    ratings: float


def accuracy_ceilings(
    table: TruthTable,
    roster: Sequence[Annotator],
    raters: int,
    rng: np.random.Generator,
    *,
    repeats: int = 200,
) -> dict[str, AccuracyCeiling]:
    """The ceilings for `if`, `vq` and their sum `overall`.

    The oracle answers each pair with its most frequent outcome in one half of the simulated
    campaigns and is judged by the other half, both ways (so that it cannot see its own draw).
    """
    scores = _simulated_scores(table, roster, raters, rng, repeats)
    columns = {name: scores[..., k] for k, name in enumerate(DIMENSIONS)}
    columns[OVERALL] = scores.sum(axis=-1)
    return {name: _accuracy_ceiling(column) for name, column in columns.items()}


def ambiguity_ceilings(
    table: TruthTable,
    roster: Sequence[Annotator],
    raters: int,
    rng: np.random.Generator,
    *,
    repeats: int = 100,
) -> dict[str, AmbiguityCeiling]:
    """The ceilings for `if` and `vq`; needs at least two raters.

    Raises:
        ValueError: If `raters` is less than two.
    """
    if raters <= 1:
        raise ValueError("disagreement needs two raters or more")
    spreads = np.stack(
        [_spread(simulate_ratings(table, roster, raters, rng).levels) for _ in range(repeats)]
    )
    ceilings = {}
    for k, name in enumerate(DIMENSIONS):
        spread = spreads[..., k].reshape(repeats, -1)
        noise = table.ambiguity[..., k].ravel()
        ceilings[name] = AmbiguityCeiling(
            oracle=_disagreement_ceiling(spread > 0),
            ratings=float(np.mean([roc_area(row, noise > np.median(noise)) for row in spread])),
        )
    return ceilings


def roc_area(scores: Floats, positive: NDArray[np.bool_]) -> float:
    """The area under the ROC curve, ties counted half (Mann-Whitney); NaN without both classes.

    >>> roc_area(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True]))
    0.75
    """
    count = int(positive.sum())
    if count in {0, len(positive)}:
        return float("nan")
    _, place, sizes = np.unique(scores, return_inverse=True, return_counts=True)
    midranks = np.cumsum(sizes) - (sizes - 1) / 2
    above = midranks[place][positive].sum() - count * (count + 1) / 2
    return float(above / (count * (len(positive) - count)))


def _simulated_scores(
    table: TruthTable,
    roster: Sequence[Annotator],
    raters: int,
    rng: np.random.Generator,
    repeats: int,
) -> Floats:
    """Mean scores of simulated campaigns, (repeats, g, k, 2); NaN where no rater could judge."""
    campaigns = []
    for _ in range(repeats):
        levels = simulate_ratings(table, roster, raters, rng).levels
        judged = np.isfinite(levels).sum(axis=1)
        total = np.nansum(levels, axis=1)
        campaigns.append(np.where(judged > 0, total / np.maximum(judged, 1), np.nan))
    return np.stack(campaigns)


def _accuracy_ceiling(scores: Floats) -> AccuracyCeiling:
    """From the scores (repeats, g, k) of one dimension."""
    first, second = np.triu_indices(scores.shape[-1], k=1)
    gap = (scores[..., first] - scores[..., second]).reshape(len(scores), -1)
    outcomes = np.stack([gap > _SAME, gap < -_SAME, np.abs(gap) <= _SAME])
    half = len(scores) // 2
    shares = [outcomes[:, :half].mean(axis=1), outcomes[:, half:].mean(axis=1)]
    strict, three_class = [], []
    for known, judged in (shares, shares[::-1]):
        order = known[:2].argmax(axis=0)
        hits = np.take_along_axis(judged[:2], order[None], axis=0)
        strict.append(hits.sum() / judged[:2].sum())
        best = np.take_along_axis(judged, known.argmax(axis=0)[None], axis=0)
        three_class.append(best.sum() / judged.sum())
    tie_share = outcomes[2].sum() / outcomes.sum()
    return AccuracyCeiling(
        float(np.mean(strict)), float(np.mean(three_class)), float(tie_share), gap.shape[1]
    )


def _spread(levels: Floats) -> Floats:
    """Standard deviation among raters (g, k, 2), 0 where fewer than two judged."""
    judged = np.isfinite(levels).sum(axis=1)
    mean = np.nansum(levels, axis=1) / np.maximum(judged, 1)
    squares = np.nansum((levels - mean[:, None]) ** 2, axis=1)
    return np.asarray(np.sqrt(squares / np.maximum(judged - 1, 1)))


def _disagreement_ceiling(disagree: NDArray[np.bool_]) -> float:
    """AUC of the chance known from one half of the campaigns for each campaign of the other."""
    half = len(disagree) // 2
    areas = [roc_area(disagree[:half].mean(axis=0), row) for row in disagree[half:]]
    areas += [roc_area(disagree[half:].mean(axis=0), row) for row in disagree[:half]]
    return float(np.nanmean(areas))
