"""Delete-one-cluster and linearised variances of statistics of sums, and their t intervals."""

import math
from functools import partial

import numpy as np

from analytics.agreement.coefficients.catalogue import (
    Coefficient,
    DenseStatistic,
    Statistic,
    from_fisher,
    signed,
)
from analytics.agreement.inference.gradients import direction, gradient
from analytics.agreement.sums.cluster_rows import Rows
from analytics.agreement.sums.layout import Floats
from analytics.agreement.sums.parted_sums import RESIDUE, AnySums, PartedSums
from analytics.agreement.sums.sparse_vectors import SparseVectors
from analytics.estimates import Interval
from analytics.t_intervals import fisher_t_interval


def without(total: AnySums, parts: Rows) -> AnySums:
    """Return the G sums without each part, as `leave_out` or parted."""
    if isinstance(total, PartedSums) and isinstance(parts, SparseVectors):
        return PartedSums(total.layout, total.total, parts, -1.0)
    if isinstance(total, PartedSums) or isinstance(parts, SparseVectors):
        raise TypeError("a total and its parts are both dense or both sparse")
    return leave_out(total.real, parts)


def leave_out(total: Floats, parts: Floats) -> Floats:
    """Return (G, K) sums without each part, rounding residue set to zero."""
    rest = total - parts
    rest[np.abs(rest) < RESIDUE] = 0.0
    return rest


def delete_one_variance(statistic: Statistic, total: AnySums, parts: Rows) -> float:
    """(G - 1) / G · Σ (θ₍ᵢ₎ - θ̄)²: NaN where one part decides the statistic alone."""
    values = np.asarray(statistic(without(total, parts)), dtype=np.float64)
    return values_variance(values) if np.isfinite(values).all() else math.nan


def values_variance(values: Floats) -> float:
    """(G - 1) / G · Σ (θ₍ᵢ₎ - θ̄)² of the (G,) values without each part."""
    return float((len(values) - 1) * np.var(values))


def linearised_variance(statistic: DenseStatistic, total: Floats, second: Floats, n: int) -> float:
    """G / (G - 1) · gᵀ (Σ s sᵀ - S Sᵀ / G) g, from moments alone.

    Args:
        statistic: function of (…, K) sums.
        total: (K,) sum S of the G clusters' vectors.
        second: (K, K) sum of s sᵀ over the clusters.
        n: G.
    """
    slope = gradient(statistic, total)
    spread = float(slope @ second @ slope) - float(slope @ total) ** 2 / n
    return max(spread, 0.0) * n / (n - 1)


def rows_variance(statistic: Statistic, total: AnySums, rows: Rows) -> float:
    """Linearised variance from the rows themselves: G / (G - 1) · Σ (gᵀ s - mean)²."""
    terms = direction(statistic, total, rows)
    return terms_variance(terms, np.ones(len(terms)))


def terms_variance(terms: Floats, times: Floats) -> float:
    """G / (G - 1) · Σ (t - mean)² of linear terms that occur `times` times each."""
    n = float(times.sum())
    centred = terms - float(times @ terms) / n
    return float(times @ np.square(centred)) * n / (n - 1)


def fisher_interval(
    coefficient: Coefficient, value: float, variance: float, df: float, method: str
) -> Interval:
    """Build value ± t(df) · √variance on the atanh scale and take it back."""
    return fisher_t_interval(
        math.atanh(signed(coefficient, value)),
        variance,
        df,
        method,
        back=partial(from_fisher, coefficient),
        slope=fisher_slope(coefficient, value),
    )


def fisher_slope(coefficient: Coefficient, value: float) -> float:
    """Derivative of the value by its atanh: 1 - tanh², halved for a share on 0 … 1."""
    return 2 * value * (1 - value) if coefficient.is_share else 1 - value**2
