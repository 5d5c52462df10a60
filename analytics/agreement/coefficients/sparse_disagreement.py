"""Observed and expected disagreement of parted sums, for α on many levels.

No function here builds a matrix over pairs of levels for each cluster.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analytics.agreement.coefficients.distances import Metric
from analytics.agreement.sums.layout import Floats, Sums
from analytics.agreement.sums.parted_sums import PartedSums, number_left, power_sums
from analytics.agreement.sums.sparse_vectors import PairLayout, SparseVectors

# Entries of the largest (clusters, V) array at any moment.
ENTRIES = 1 << 19
DENSE_LEVELS = 512


def disagreement(sums: PartedSums, metric: Metric) -> tuple[Sums, Sums, Sums]:
    """(G,) pairable values, observed and expected sums of distances; NaN without variation.

    The expected sum is Σ f f d over all pairs of levels: with mid-ranks n (n³ - Σ f³) / 6,
    with values 2 (n Σ f v² - (Σ f v)²), both without any matrix of levels.
    """
    terms = _Disagreement(sums.layout, sums.total, sums.own, sums.scalar)
    observed, expected = terms.of(metric)
    expected = np.where(terms.varies, expected, np.nan)
    if not sums.is_step:
        observed = np.where(terms.differs, observed, 0.0)
    return sums.result(terms.n_values), sums.result(observed), sums.result(expected)


@dataclass(frozen=True, eq=False)
class _Disagreement:
    layout: PairLayout
    total: Floats
    own: SparseVectors
    factor: complex

    @cached_property
    def coincidences(self) -> Floats:
        return self.total[: self.layout.n_pairs]

    @cached_property
    def frequencies(self) -> Floats:
        """(V,) pairable values of the total."""
        return np.asarray(self.coincidences @ self.layout.incidence)

    @cached_property
    def n_values(self) -> Sums:
        own = np.asarray(self.own.frequencies.sum(axis=1))
        return np.asarray(self.frequencies.sum() + self.factor * own)

    @cached_property
    def varies(self) -> NDArray[np.bool_]:
        """(G,) whether two levels or more are left."""
        every = np.ones(self.layout.n_levels, dtype=bool)
        return number_left(self.frequencies, self.own.frequencies, self.factor, every) > 1

    @cached_property
    def differs(self) -> NDArray[np.bool_]:
        """(G,) whether any pair of two levels is left."""
        apart = self.layout.rows != self.layout.columns
        return number_left(self.coincidences, self.own.coincidences, self.factor, apart) > 0

    def of(self, metric: Metric) -> tuple[Sums, Sums]:
        """(G,) observed and expected."""
        if metric is Metric.ORDINAL:
            cubes = power_sums(self.frequencies, self.own.frequencies, self.factor, 3)
            observed = self._by_rank_slopes() if self.factor.imag else self._by_ranks()
            return observed, self.n_values * (self.n_values**3 - cubes) / 6
        if metric is Metric.NOMINAL:
            squares = power_sums(self.frequencies, self.own.frequencies, self.factor, 2)
            apart = (self.layout.rows != self.layout.columns).astype(float)
            return self._observed(apart), np.square(self.n_values) - squares
        values = np.asarray(self.layout.scale.values)
        if metric is Metric.RATIO:
            return self._observed(_ratio(values[self.layout.rows], values[self.layout.columns])), (
                self._ratio_expected(values)
            )
        values = (values - self._mean(values)) / self.layout.scale.span
        gaps = np.square(values[self.layout.rows] - values[self.layout.columns])
        first = self._levels(values)
        second = self._levels(np.square(values))
        return self._observed(gaps), 2 * (self.n_values * second - np.square(first))

    def _mean(self, values: Floats) -> float:
        number = float(self.frequencies.sum())
        return float(self.frequencies @ values) / number if number else float(values.mean())

    def _levels(self, numbers: Floats) -> Sums:
        own = self.own.frequencies @ numbers
        return np.asarray(self.frequencies @ numbers + self.factor * own)

    def _observed(self, distance: Floats) -> Sums:
        weighted = self.layout.times * distance
        own = self.own.coincidences @ weighted
        return np.asarray(self.coincidences @ weighted + self.factor * own)

    def _ratio_expected(self, values: Floats) -> Sums:
        """Over the levels one after the other; no interval is made of it."""
        if self.own.matrix.nnz:
            raise ValueError("the ratio metric has no leave-outs")
        rows = [
            float(self.frequencies @ _ratio(values, np.full_like(values, value)))
            for value in values
        ]
        return np.array([float(self.frequencies @ np.array(rows))])

    def _by_rank_slopes(self) -> Sums:
        """Σ C (r - r')² to first order in the factor, which is all that a complex step reads.

        A vector adds its own pairs at the ranks of the total, and moves the ranks of all pairs: by
        one above a level that it adds to, by half there.
        """
        common = self.frequencies
        ranks = np.cumsum(common) - common / 2 - common.sum() / 2
        gaps = np.square(ranks[self.layout.rows] - ranks[self.layout.columns])
        met = self.layout.square(self.coincidences) @ ranks
        pull = 4 * (common * ranks - met)
        slopes = np.cumsum(pull[::-1])[::-1] - pull / 2
        own = self.own.frequencies @ slopes
        return np.asarray(self._observed(gaps) + self.factor * own)

    def _by_ranks(self) -> Sums:
        """Σ C (r - r')² with each sum's own mid-ranks r, some clusters at a time."""
        square = self.layout.square(self.coincidences)
        common = square.toarray() if self.layout.n_levels <= DENSE_LEVELS else square
        step = max(1, ENTRIES // self.layout.n_levels)
        starts = range(0, len(self.own), step)
        found = [self._some_ranks(common, slice(start, start + step)) for start in starts]
        return np.concatenate(found) if found else np.zeros(0)

    def _some_ranks(self, common: "Floats | sparse.csr_array", some: slice) -> Sums:
        own = sparse.csr_array(self.own.frequencies[some])
        frequencies = self.frequencies + self.factor * own.toarray()
        ranks = np.cumsum(frequencies, axis=1) - frequencies / 2
        ranks -= frequencies.sum(axis=1, keepdims=True) / 2
        met = np.asarray(common @ ranks.T).T
        of_total = 2 * (np.square(ranks) @ self.frequencies - (ranks * met).sum(axis=1))
        own = sparse.csr_array(self.own.coincidences[some])
        owner = np.repeat(np.arange(own.shape[0]), np.diff(own.indptr))
        gaps = (
            ranks[owner, self.layout.rows[own.indices]]
            - ranks[owner, self.layout.columns[own.indices]]
        )
        entries = own.data * self.layout.times[own.indices] * np.square(gaps)
        caused = sparse.csr_array((entries, own.indices, own.indptr), shape=own.shape)
        return np.asarray(of_total + self.factor * np.asarray(caused.sum(axis=1)))


def _ratio(one: Floats, other: Floats) -> Floats:
    lowest = min(one.min(initial=0.0), other.min(initial=0.0))
    if lowest < 0:
        raise ValueError(f"ratio distances need values of at least zero, got {lowest:g}")
    total = one + other
    return np.square(np.divide(one - other, total, out=np.zeros_like(total), where=total > 0))
