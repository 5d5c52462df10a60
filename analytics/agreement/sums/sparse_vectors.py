"""Sparse vectors: those of `layout`, with entries only for level pairs that occur in a unit.

A unit of m ratings has at most m (m + 1) / 2 pairs, however many levels there are.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analytics.agreement.sums.group_sums import membership
from analytics.agreement.sums.layout import PAIR, Floats
from analytics.scales import Scale
from analytics.tables import RatingTable
from analytics.validation import Indices


@dataclass(frozen=True, eq=False)
class PairLayout:
    """Places of the parts inside a vector, in the order of `layout`.

    Attributes:
        scale: the levels that are present.
        keys: (T,) row · V + column of each pair of levels with a place, row ≤ column, in order.
    """

    scale: Scale
    keys: Indices

    @property
    def n_levels(self) -> int:
        return len(self.scale)

    @property
    def n_pairs(self) -> int:
        """T."""
        return len(self.keys)

    @property
    def size(self) -> int:
        """K, the length of the vector."""
        return 2 * self.n_pairs + self.n_levels + 2

    @cached_property
    def rows(self) -> Indices:
        """(T,) lower level of each pair."""
        return self.keys // self.n_levels

    @cached_property
    def columns(self) -> Indices:
        """(T,) higher level of each pair."""
        return self.keys % self.n_levels

    @cached_property
    def times(self) -> Floats:
        """(T,) how often a pair occurs in the coincidence matrix: twice unless of one level."""
        return np.where(self.rows == self.columns, 1.0, 2.0)

    @cached_property
    def incidence(self) -> sparse.csr_array:
        """(T, V) what each pair's coincidences add to the levels' pairable values."""
        pairs, apart = np.arange(self.n_pairs), self.rows != self.columns
        places = np.concatenate([pairs, pairs[apart]])
        levels = np.concatenate([self.rows, self.columns[apart]])
        shape = (self.n_pairs, self.n_levels)
        return sparse.csr_array((np.ones(len(places)), (places, levels)), shape=shape)

    def square(self, coincidences: Floats) -> sparse.csr_array:
        """(V, V) symmetric matrix of (T,) coincidences."""
        apart = self.rows != self.columns
        rows = np.concatenate([self.rows, self.columns[apart]])
        columns = np.concatenate([self.columns, self.rows[apart]])
        entries = np.concatenate([coincidences, coincidences[apart]])
        return sparse.csr_array((entries, (rows, columns)), shape=(self.n_levels,) * 2)


@dataclass(frozen=True, eq=False)
class SparseVectors:
    """G vectors, of units or summed over clusters.

    Attributes:
        layout: their places.
        matrix: (G, K).
    """

    layout: PairLayout
    matrix: sparse.csr_array

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    def __getitem__(self, chosen: NDArray[np.bool_] | Indices | slice) -> "SparseVectors":
        return SparseVectors(self.layout, self.matrix[chosen])

    @cached_property
    def _columns(self) -> sparse.csc_array:
        return self.matrix.tocsc()

    @cached_property
    def coincidences(self) -> sparse.csr_array:
        """(G, T)."""
        return self._columns[:, : self.layout.n_pairs].tocsr()

    @cached_property
    def shares(self) -> sparse.csr_array:
        """(G, T) shares of pairs."""
        return self._columns[:, self.layout.n_pairs : 2 * self.layout.n_pairs].tocsr()

    @cached_property
    def margins(self) -> sparse.csr_array:
        """(G, V) sums over rated units of the level shares."""
        return self._columns[:, 2 * self.layout.n_pairs : -2].tocsr()

    @cached_property
    def frequencies(self) -> sparse.csr_array:
        """(G, V) pairable values of each level."""
        return sparse.csr_array(self.coincidences @ self.layout.incidence)

    @cached_property
    def n_rated(self) -> Floats:
        """(G,) units with any rating."""
        return np.asarray(self._columns[:, [-2]].toarray()[:, 0])

    @cached_property
    def n_pairable(self) -> Floats:
        """(G,) units with at least two ratings."""
        return np.asarray(self._columns[:, [-1]].toarray()[:, 0])

    def total(self, times: Floats | None = None) -> Floats:
        """(K,) sum, each vector counting once or as often as (G,) `times` says."""
        weights = np.ones(len(self)) if times is None else times
        return np.asarray(self.matrix.T @ weights)

    def summed(self, groups: Indices, n_groups: int) -> "SparseVectors":
        """Sum within groups: (G,) places from 0 to n_groups - 1."""
        members = membership(groups, n_groups, np.arange(len(self)), len(self))
        return SparseVectors(self.layout, (members @ self.matrix).tocsr())


def level_counts(table: RatingTable) -> sparse.csr_array:
    """(U, V) number of times that each unit got each level; what is not there has no entry."""
    shape = (table.n_units, len(table.scale))
    ones = np.ones(table.n_ratings)
    counts = sparse.csr_array((ones, (table.unit, table.level)), shape=shape)
    counts.sum_duplicates()
    counts.sort_indices()
    return counts


def unit_vectors(scale: Scale, counts: sparse.csr_array) -> SparseVectors:
    """Return the vectors of (U, V) level counts, with a place for every pair that occurs."""
    unit, low, high, number = _pairs(counts)
    keys, place = np.unique(low * len(scale) + high, return_inverse=True)
    return _vectors(PairLayout(scale, keys), counts, unit, place, number)


def vectors_in(layout: PairLayout, counts: sparse.csr_array) -> SparseVectors:
    """Return the vectors of (U, V) level counts in the places of a layout that has their pairs."""
    unit, low, high, number = _pairs(counts)
    place = np.searchsorted(layout.keys, low * layout.n_levels + high)
    return _vectors(layout, counts, unit, place, number)


def _pairs(counts: sparse.csr_array) -> tuple[Indices, Indices, Indices, Floats]:
    """Unit, both levels and number of ordered pairs c (c' - [same]) of each pair of entries."""
    lengths = np.diff(counts.indptr).astype(np.int64)
    ends = np.repeat(np.cumsum(lengths), lengths)
    entries = np.arange(counts.nnz)
    # An entry meets itself and what follows in its unit.
    partners = ends - entries
    first = np.repeat(entries, partners)
    starts = np.repeat(np.cumsum(partners) - partners, partners)
    second = first + np.arange(len(first)) - starts
    number = counts.data[first] * (counts.data[second] - (first == second))
    unit = np.repeat(np.arange(len(lengths)), lengths)[first]
    kept = number > 0
    low, high = counts.indices[first].astype(np.int64), counts.indices[second].astype(np.int64)
    return unit[kept], low[kept], high[kept], number[kept]


def _vectors(
    layout: PairLayout, counts: sparse.csr_array, unit: Indices, place: Indices, number: Floats
) -> SparseVectors:
    n_units, n_pairs = counts.shape[0], layout.n_pairs
    total = np.asarray(counts.sum(axis=1))
    lengths = np.diff(counts.indptr)
    owner = np.repeat(np.arange(n_units), lengths)
    coincidences = number / (total[unit] - 1)
    rated, pairable = np.flatnonzero(total >= 1), np.flatnonzero(total >= PAIR)
    end = 2 * n_pairs + layout.n_levels
    parts = [
        (unit, place, coincidences),
        (unit, n_pairs + place, coincidences / total[unit]),
        (owner, 2 * n_pairs + counts.indices, counts.data / total[owner]),
        (rated, np.full(len(rated), end), np.ones(len(rated))),
        (pairable, np.full(len(pairable), end + 1), np.ones(len(pairable))),
    ]
    rows, columns, data = (np.concatenate([part[i] for part in parts]) for i in range(3))
    matrix = sparse.csr_array((data, (rows, columns)), shape=(n_units, layout.size))
    return SparseVectors(layout, matrix)
