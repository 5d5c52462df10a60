"""Whether two systems differ on the same observations: McNemar's exact test, paired bootstrap."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analytics.estimates import Interval
from analytics.limits import FEWEST_ITEMS, TAILS
from analytics.ranking.clusters import cluster_sums


@dataclass(frozen=True, slots=True)
class McNemar:
    """Discordant counts and the exact two-sided p-value (1 if there is no discordance)."""

    only_first: int
    only_second: int
    p_value: float


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """Accuracy of the first minus the second, with a seeded paired cluster-bootstrap interval."""

    difference: float
    interval: Interval | None
    replicates: int
    clusters: int


def mcnemar(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> McNemar:
    """Return McNemar's exact test of two systems' hits on the same observations, shape (N,).

    It treats observations as independent: one group per item, as benchmark builders give.
    """
    _same_shape(first, second)
    only_first = int(np.count_nonzero(first & ~second))
    only_second = int(np.count_nonzero(~first & second))
    discordant = only_first + only_second
    p_value = stats.binomtest(only_first, discordant).pvalue if discordant else 1.0
    return McNemar(only_first, only_second, float(p_value))


def paired_difference(
    first: NDArray[np.bool_],
    second: NDArray[np.bool_],
    cluster: NDArray[np.int64],
    rng: np.random.Generator,
    replicates: int = 2_000,
) -> PairedDifference:
    """Return the difference of two accuracies; whole clusters are drawn, for both systems alike.

    The 95 % interval is the percentile one; below five clusters there is none.
    """
    _same_shape(first, second)
    gain = first.astype(np.float64) - second.astype(np.float64)
    sums, counts = cluster_sums(gain, cluster)
    value, clusters = float(sums.sum() / counts.sum()), counts.size
    if clusters < FEWEST_ITEMS:
        return PairedDifference(value, None, 0, clusters)
    draws = rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=replicates)
    low, high = np.quantile((draws @ sums) / (draws @ counts), TAILS)
    interval = Interval(float(low), float(high), "paired_cluster_bootstrap")
    return PairedDifference(value, interval, replicates, clusters)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return Holm's step-down adjusted p-values, in the order given.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    count = len(p_values)
    adjusted, largest = [0.0] * count, 0.0
    for rank, place in enumerate(sorted(range(count), key=lambda one: p_values[one])):
        largest = max(largest, min(1.0, (count - rank) * p_values[place]))
        adjusted[place] = largest
    return adjusted


def _same_shape(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> None:
    if first.shape != second.shape or not first.size:
        raise ValueError("both systems need hits on the same, non-empty observations")
