"""Rank correlations with a reason when undefined, and named ways of averaging them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

ROUNDING_DECIMALS = 9
"""Scores are rounded to this before ranking: (0.1 + 0.2) and 0.3 are one score, not two ranks."""


class Undefined(StrEnum):
    """Why a statistic has no value."""

    NO_VARIATION = "no_variation"
    TOO_FEW = "too_few"
    PERFECT = "perfect"
    """A correlation of exactly ±1 has no finite Fisher z."""


class CorrelationAverage(StrEnum):
    """How correlations of several groups become one.

    ``tanh_of_mean`` is what some public code publishes as a Fisher average: it forgets the
    arctanh, and so shrinks every result.
    """

    FISHER = "fisher"
    PLAIN = "plain"
    TANH_OF_MEAN = "tanh_of_mean"


@dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation or the reason why there is none, and the number of observations."""

    value: float | None
    n: int
    reason: Undefined | None = None


@dataclass(frozen=True, slots=True)
class AveragedCorrelation:
    """The average over the defined correlations, its formula, and how many were undefined."""

    value: float | None
    method: CorrelationAverage
    used: int
    undefined: int
    reason: Undefined | None = None


def spearman(
    one: ArrayLike, two: ArrayLike, decimals: int | None = ROUNDING_DECIMALS
) -> Correlation:
    """Return Spearman's ρ of two rows of scores, shape (N,), rounded before ranking.

    ``decimals=None`` ranks the raw floats, in which equal scores may differ by noise: only for
    matching published figures.
    """
    left, right = _rounded(one, two, decimals)
    reason = _undefined(left, right)
    if reason:
        return Correlation(None, left.size, reason)
    ranks = stats.rankdata(left), stats.rankdata(right)
    return Correlation(float(np.corrcoef(*ranks)[0, 1]), left.size)


def kendall_tau_b(one: ArrayLike, two: ArrayLike) -> Correlation:
    """Return Kendall's τ-b (ties on either side corrected) of two rows of scores, shape (N,)."""
    left, right = _rounded(one, two, ROUNDING_DECIMALS)
    reason = _undefined(left, right)
    if reason:
        return Correlation(None, left.size, reason)
    return Correlation(float(stats.kendalltau(left, right, variant="b").statistic), left.size)


def average_correlations(
    correlations: Sequence[Correlation], method: CorrelationAverage
) -> AveragedCorrelation:
    """Return the unweighted average of the defined correlations by the named formula."""
    values = np.array([c.value for c in correlations if c.value is not None], dtype=np.float64)
    undefined = len(correlations) - values.size
    if not values.size:
        return AveragedCorrelation(None, method, 0, undefined, Undefined.TOO_FEW)
    if method is CorrelationAverage.FISHER and np.any(np.abs(values) >= 1):
        return AveragedCorrelation(None, method, values.size, undefined, Undefined.PERFECT)
    return AveragedCorrelation(_average(values, method), method, values.size, undefined)


def _average(values: NDArray[np.float64], method: CorrelationAverage) -> float:
    match method:
        case CorrelationAverage.FISHER:
            return float(np.tanh(np.arctanh(values).mean()))
        case CorrelationAverage.PLAIN:
            return float(values.mean())
        case CorrelationAverage.TANH_OF_MEAN:
            return float(np.tanh(values.mean()))


def _rounded(
    one: ArrayLike, two: ArrayLike, decimals: int | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    left = np.asarray(one, dtype=np.float64)
    right = np.asarray(two, dtype=np.float64)
    if decimals is not None:
        left, right = left.round(decimals), right.round(decimals)
    if left.shape != right.shape or left.ndim != 1:
        raise ValueError(f"two rows of equal length are needed, not {left.shape}, {right.shape}")
    return left, right


def _undefined(left: NDArray[np.float64], right: NDArray[np.float64]) -> Undefined | None:
    if left.size < 2:  # noqa: PLR2004 - two points make a correlation
        return Undefined.TOO_FEW
    if np.ptp(left) == 0 or np.ptp(right) == 0:
        return Undefined.NO_VARIATION
    return None
