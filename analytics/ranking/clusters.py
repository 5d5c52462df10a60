"""Estimates over clustered observations (pairs or groups of one item) with honest intervals."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analytics.estimates import Interval
from analytics.limits import CONFIDENCE, FEWEST_ITEMS
from analytics.ranking.proportions import Proportion, count_true
from analytics.t_intervals import t_interval


@dataclass(frozen=True, slots=True)
class ClusteredMean:
    """A mean of observations, its standard error over clusters, and how many of each."""

    value: float | None
    standard_error: float | None
    observations: int
    clusters: int
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class ClusteredShare:
    """A share of hits with its interval over clusters (None below five clusters)."""

    share: Proportion
    clusters: int
    interval: Interval | None


def clustered_mean(
    values: ArrayLike, cluster: NDArray[np.int64], level: float = CONFIDENCE
) -> ClusteredMean:
    """Return the mean with its delete-one-cluster jackknife interval on t(G−1).

    Args:
        values: shape (N,); NaN observations are left out.
        cluster: shape (N,), the cluster (item) of each observation.
        level: of the interval.
    """
    observed = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(observed)
    sums, counts = cluster_sums(observed[known], cluster[known])
    size, clusters = int(counts.sum()), counts.size
    if not size:
        return ClusteredMean(None, None, 0, 0, None)
    mean = float(sums.sum() / size)
    if clusters < FEWEST_ITEMS:
        return ClusteredMean(mean, None, size, clusters, None)
    error = sqrt(_jackknife_variance(sums, counts))
    interval = t_interval(mean, error, clusters - 1, "cluster_jackknife_t", level=level)
    return ClusteredMean(mean, error, size, clusters, interval)


def clustered_share(
    hits: NDArray[np.bool_], cluster: NDArray[np.int64], level: float = CONFIDENCE
) -> ClusteredShare:
    """Return the share of hits with Korn and Graubard's interval for clustered samples (1998).

    Clopper–Pearson at the effective sample size p(1−p)/variance, shrunk by the t quantiles; it
    stays within [0, 1]. Where all or none are hits, the clusters count as the sample.
    """
    share = count_true(hits)
    sums, counts = cluster_sums(hits.astype(np.float64), cluster)
    clusters = counts.size
    if clusters < FEWEST_ITEMS:
        return ClusteredShare(share, clusters, None)
    effective = _effective_size(share, _jackknife_variance(sums, counts), clusters, level)
    low, high = _beta_limits(share.correct / share.total, effective, level)
    interval = Interval(low, high, "cluster_korn_graubard", level=level)
    return ClusteredShare(share, clusters, interval)


def _effective_size(share: Proportion, variance: float, clusters: int, level: float) -> float:
    p = share.correct / share.total
    if p in (0.0, 1.0):
        return float(clusters)
    if variance <= 0:
        return float(share.total)
    tail = (1 + level) / 2
    quantiles = stats.t.ppf(tail, share.total - 1) / stats.t.ppf(tail, clusters - 1)
    return min(float(p * (1 - p) / variance * quantiles**2), float(share.total))


def _beta_limits(p: float, size: float, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    right, wrong = p * size, (1 - p) * size
    low = float(stats.beta.ppf(tail, right, wrong + 1)) if right else 0.0
    high = float(stats.beta.ppf(1 - tail, right + 1, wrong)) if wrong else 1.0
    return low, high


def cluster_sums(
    values: NDArray[np.float64], cluster: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the (G,) sums and sizes of the clusters of (N,) observations."""
    names, member = np.unique(cluster, return_inverse=True)
    sums = np.bincount(member, weights=values, minlength=names.size).astype(np.float64)
    return sums, np.bincount(member, minlength=names.size).astype(np.float64)


def _jackknife_variance(sums: NDArray[np.float64], counts: NDArray[np.float64]) -> float:
    """Return (G−1)/G Σ (θ₋g − θ̄₋)² for the ratio θ = Σ sums / Σ counts."""
    without = (sums.sum() - sums) / (counts.sum() - counts)
    clusters = counts.size
    return float((clusters - 1) / clusters * np.sum((without - without.mean()) ** 2))
