"""Count patterns: the few distinct level-count vectors of units, with how often each occurs."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from analytics.agreement.sums.group_sums import group, sum_within
from analytics.agreement.sums.layout import Floats, Layout
from analytics.tables import RatingTable

Integers: TypeAlias = NDArray[np.int64]

# Beyond the exact range of a 64-bit key, whole rows are compared instead.
KEY_LIMIT = 1 << 62


@dataclass(frozen=True, eq=False)
class Patterns:
    """Distinct patterns of a table.

    Attributes:
        counts: (P, V) level counts of each pattern.
        of_unit: (U,) pattern index of each unit.
        multiplicity: (P,) number of units with each pattern.
    """

    counts: Integers
    of_unit: Integers
    multiplicity: Integers

    @property
    def n_ratings(self) -> Integers:
        """(P,) number of ratings of each pattern."""
        return np.asarray(self.counts.sum(axis=1))


def unit_counts(table: RatingTable) -> Integers:
    """Return the (U, V) number of times that each unit got each level."""
    n_levels = len(table.scale)
    flat = np.bincount(table.unit * n_levels + table.level, minlength=table.n_units * n_levels)
    return flat.reshape(table.n_units, n_levels)


def find_patterns(table: RatingTable) -> Patterns:
    """Group the units of a table by their level counts."""
    counts = unit_counts(table)
    base = int(counts.max(initial=0)) + 1
    n_levels = len(table.scale)
    if base**n_levels > KEY_LIMIT:
        distinct, of_unit, times = np.unique(
            counts, axis=0, return_inverse=True, return_counts=True
        )
        return Patterns(distinct, of_unit.reshape(-1), times)
    powers = base ** np.arange(n_levels, dtype=np.int64)
    keys, of_unit, times = group(counts @ powers, base**n_levels)
    return Patterns(keys[:, None] // powers % base, of_unit, times)


def cluster_sums(cluster: Integers, n_clusters: int, patterns: Patterns, layout: Layout) -> Floats:
    """Return the (G, K) vectors summed over the units of each cluster.

    Args:
        cluster: (U,) cluster of each unit, e.g. `table.unit_item`.
        n_clusters: G.
        patterns: of the same units.
        layout: for the table's scale.
    """
    return sum_within(cluster, n_clusters, patterns.of_unit, layout.vectors(patterns.counts))


def total_sums(patterns: Patterns, layout: Layout) -> Floats:
    """Return the (K,) vector summed over all units."""
    return np.asarray(patterns.multiplicity @ layout.vectors(patterns.counts))
