"""The rater panel: every annotator's figures against the others, from stored moments."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np

from analytics.agreement.sums.layout import Floats
from analytics.agreement.sums.moments import Moments, RaterMoments
from analytics.raters.leave_one_out import leave_one_out_figure
from analytics.raters.rater_figures import Figure, versus_figure
from analytics.raters.rest_of_raters import VersusStatistic, confusion
from analytics.raters.shrinkage import shrink


@dataclass(frozen=True, eq=False)
class RaterLine:
    """One annotator on one dimension.

    Attributes:
        n_ratings: ratings in all.
        n_items: items with overlap.
        against: figures against the others, by name.
        leave_one_out: α without this annotator minus α with all.
        shrunken: shrunken values of the figures, where the pool allows.
        confusion: (V, V) share of (own level, others' level), rows summing to one or zero.
        level_shares: (V,) how often each level is used.
        entropy: of the level shares, over its maximum: low where few levels are used.
    """

    n_ratings: int
    n_items: int
    against: Mapping[VersusStatistic, Figure]
    leave_one_out: Figure
    shrunken: Mapping[VersusStatistic, float]
    confusion: Floats
    level_shares: Floats
    entropy: float


def rater_panel(moments: Moments) -> dict[Hashable, RaterLine]:
    """Compute every annotator's line."""
    figures = {
        label: {name: versus_figure(name, sums.versus, moments.scale) for name in VersusStatistic}
        for label, sums in moments.present_raters.items()
    }
    shrunken = {name: _shrunken(name, figures) for name in VersusStatistic}
    return {
        label: RaterLine(
            n_ratings=sums.n_ratings,
            n_items=sums.versus.n,
            against=figures[label],
            leave_one_out=leave_one_out_figure(sums, moments),
            shrunken={n: found[label] for n, found in shrunken.items() if label in found},
            confusion=_row_shares(sums, moments),
            level_shares=sums.levels / sums.n_ratings,
            entropy=level_entropy(sums.levels),
        )
        for label, sums in moments.present_raters.items()
    }


def level_entropy(counts: Floats) -> float:
    """Entropy of (V,) level counts over log V.

    >>> level_entropy(np.array([5.0, 5.0])), level_entropy(np.array([5.0, 0.0]))
    (1.0, 0.0)
    """
    shares = counts[counts > 0] / counts.sum()
    return abs(float(-(shares * np.log(shares)).sum() / math.log(len(counts))))


def _row_shares(sums: RaterMoments, moments: Moments) -> Floats:
    directed = np.asarray(confusion(sums.versus.first, moments.scale), dtype=np.float64)
    total = directed.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(directed, total, out=np.zeros_like(directed), where=total > 0))


def _shrunken(
    name: VersusStatistic, figures: Mapping[Hashable, Mapping[VersusStatistic, Figure]]
) -> dict[Hashable, float]:
    """Shrink a statistic over the raters who have an interval, correlations by atanh."""
    known = {}
    for label, row in figures.items():
        value, error = row[name].estimate.value, row[name].interval.standard_error
        if value is not None and error:
            known[label] = (value, error)
    if not known:
        return {}
    values = np.array([value for value, _ in known.values()])
    errors = np.array([error for _, error in known.values()])
    if name.is_correlation:
        values, errors = np.arctanh(values), errors / (1 - np.square(values))
    found = shrink(values.tolist(), errors.tolist()).values
    back = np.tanh(found) if name.is_correlation else found
    return dict(zip(known, back.tolist(), strict=True))
