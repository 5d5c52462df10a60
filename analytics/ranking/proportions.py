"""A counted share with its exact interval. Used by every accuracy of this package."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analytics.estimates import Interval
from analytics.limits import CONFIDENCE


@dataclass(frozen=True, slots=True)
class Proportion:
    """``correct`` of ``total``; the value is undefined (None) for an empty total."""

    correct: int
    total: int

    @property
    def value(self) -> float | None:
        return self.correct / self.total if self.total else None


def count_true(hits: np.ndarray) -> Proportion:
    """Return how many entries of a boolean array are true."""
    return Proportion(int(np.count_nonzero(hits)), int(hits.size))


def clopper_pearson(share: Proportion, level: float = CONFIDENCE) -> Interval | None:
    """Return the exact binomial interval (Clopper and Pearson 1934); None for an empty total.

    It treats the trials as independent: for clustered trials use a cluster interval.
    """
    if not share.total:
        return None
    tail = (1 - level) / 2
    wrong = share.total - share.correct
    low = stats.beta.ppf(tail, share.correct, wrong + 1) if share.correct else 0.0
    high = stats.beta.ppf(1 - tail, share.correct + 1, wrong) if wrong else 1.0
    return Interval(float(low), float(high), "clopper_pearson", level=level)
