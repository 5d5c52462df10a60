"""Sums that differ from one total by one sparse vector each, and what coefficients ask of them.

total - vector leaves a cluster out; total + i h vector is the complex step in its direction; zero
+ vector is a resample. Nothing here grows with the pairs of levels times the number of clusters.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analytics.agreement.distances import Metric
from analytics.agreement.layout import Floats, Sums
from analytics.agreement.pairs import PairLayout, SparseVectors
from analytics.agreement.weights import DeclaredWeights, between

# What is left of a sum after taking its only part away is rounding, not data.
RESIDUE = 1e-9
# Entries of the largest (clusters, V) array at any moment.
ENTRIES = 1 << 19
DENSE_LEVELS = 512


@dataclass(frozen=True, eq=False)
class PartedSums:
    """G sums: total + factor · vector.

    Attributes:
        layout: places of the sums.
        total: (K,) what all have in common.
        parts: G vectors; None for the one sum that is the total itself.
        factor: real or imaginary.
    """

    layout: PairLayout
    total: Floats
    parts: SparseVectors | None = None
    factor: complex = 1.0

    def _plus(self, common: Floats, own: Sums) -> Sums:
        return np.asarray(common + self._factor * own)

    @property
    def _is_step(self) -> bool:
        """Whether this is a complex step: nothing is left out, and nothing to be made exact."""
        return self.factor.imag != 0

    @property
    def _factor(self) -> complex:
        return self.factor.real if self.factor.imag == 0 else self.factor

    @property
    def _own(self) -> SparseVectors:
        """The vectors; one of zeros where there are none."""
        if self.parts is not None:
            return self.parts
        return SparseVectors(self.layout, sparse.csr_array((1, self.layout.size)))

    def _result(self, values: Sums) -> Sums:
        return np.asarray(values[0] if self.parts is None else values)

    @property
    def n_rated(self) -> Sums:
        """(G,) units with any rating."""
        return self._result(self._plus(self.total[-2], self._own.n_rated))

    @property
    def n_pairable(self) -> Sums:
        """(G,) units with at least two ratings."""
        return self._result(self._plus(self.total[-1], self._own.n_pairable))

    def agreeing(self, weights: DeclaredWeights) -> Sums:
        """(G,) sums over units of the weighted shares of agreeing pairs.

        Exactly all, or nothing, where all pairs that are left agree, or none does.
        """
        layout, own = self.layout, self._own
        of_pairs = between(weights.weighting, weights.scale, layout.rows, layout.columns)
        shares, weighted = self.total[layout.n_pairs : 2 * layout.n_pairs], layout.times * of_pairs
        found = self._plus(shares @ weighted, own.shares @ weighted)
        if not self._is_step:
            some = _number_left(shares, own.shares, self._factor, of_pairs < 1) > 0
            found = np.where(some, found, self._plus(self.total[-1], own.n_pairable))
            some = _number_left(shares, own.shares, self._factor, of_pairs > 0) > 0
            found = np.where(some, found, 0.0)
        return self._result(found)

    @property
    def margin_total(self) -> Sums:
        """(G,) margins summed over the levels: the rated units again."""
        margins = self.total[2 * self.layout.n_pairs : -2]
        return self._result(self._plus(margins.sum(), np.asarray(self._own.margins.sum(axis=1))))

    @property
    def margin_squares(self) -> Sums:
        """(G,) squares of the margins summed over the levels."""
        margins = self.total[2 * self.layout.n_pairs : -2]
        return self._result(_power_sums(margins, self._own.margins, self._factor, 2))

    def disagreement(self, metric: Metric) -> tuple[Sums, Sums, Sums]:
        """(G,) pairable values, observed and expected sums of distances; NaN without variation.

        The expected sum is Σ f f d over all pairs of levels: with mid-ranks n (n³ - Σ f³) / 6,
        with values 2 (n Σ f v² - (Σ f v)²), both without any matrix of levels.
        """
        terms = _Disagreement(self.layout, self.total, self._own, self._factor)
        observed, expected = terms.of(metric)
        expected = np.where(terms.varies, expected, np.nan)
        if not self._is_step:
            observed = np.where(terms.differs, observed, 0.0)
        return self._result(terms.n_values), self._result(observed), self._result(expected)


AnySums: TypeAlias = Sums | PartedSums


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
        return _number_left(self.frequencies, self.own.frequencies, self.factor, every) > 1

    @cached_property
    def differs(self) -> NDArray[np.bool_]:
        """(G,) whether any pair of two levels is left."""
        apart = self.layout.rows != self.layout.columns
        return _number_left(self.coincidences, self.own.coincidences, self.factor, apart) > 0

    def of(self, metric: Metric) -> tuple[Sums, Sums]:
        """(G,) observed and expected."""
        if metric is Metric.ORDINAL:
            cubes = _power_sums(self.frequencies, self.own.frequencies, self.factor, 3)
            observed = self._by_rank_slopes() if self.factor.imag else self._by_ranks()
            return observed, self.n_values * (self.n_values**3 - cubes) / 6
        if metric is Metric.NOMINAL:
            squares = _power_sums(self.frequencies, self.own.frequencies, self.factor, 2)
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


def _number_left(
    common: Floats, own: sparse.csr_array, factor: complex, wanted: NDArray[np.bool_]
) -> Floats:
    """(G,) how many of the wanted entries are above zero: exact, where a sum would be rounded."""
    owner = np.repeat(np.arange(own.shape[0]), np.diff(own.indptr))
    before = common[own.indices]
    after = np.real(before + factor * own.data)
    change = ((after > RESIDUE).astype(np.float64) - (before > RESIDUE)) * wanted[own.indices]
    left = np.bincount(owner, weights=change, minlength=own.shape[0])
    return np.asarray(np.rint(((common > RESIDUE) & wanted).sum() + left))


def _power_sums(common: Floats, own: sparse.csr_array, factor: complex, power: int) -> Sums:
    """(G,) Σ (common + factor · own)^power over the levels: only entries of their own differ."""
    before = common[own.indices]
    change = (before + factor * own.data) ** power - before**power
    changes = sparse.csr_array((change, own.indices, own.indptr), shape=own.shape)
    return np.asarray((common**power).sum() + np.asarray(changes.sum(axis=1)))
