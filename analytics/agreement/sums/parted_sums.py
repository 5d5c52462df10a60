"""Sums that differ from one total by one sparse vector each; for sums over many levels.

total - vector leaves a cluster out; total + i h vector is the complex step in its direction; zero
+ vector is a resample. No cost here grows with the pairs of levels times the number of clusters.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analytics.agreement.sums.layout import Floats, Sums
from analytics.agreement.sums.sparse_vectors import PairLayout, SparseVectors

# What is left of a sum after taking its only part away is rounding, not data.
RESIDUE = 1e-9


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

    def plus(self, common: Floats, own: Sums) -> Sums:
        """Add the factor times what is each sum's own."""
        return np.asarray(common + self.scalar * own)

    @property
    def is_step(self) -> bool:
        """Whether this is a complex step: no cluster left out, no sum to be made exact."""
        return self.factor.imag != 0

    @property
    def scalar(self) -> complex:
        """The factor, as a plain float where it is real."""
        return self.factor.real if self.factor.imag == 0 else self.factor

    @property
    def own(self) -> SparseVectors:
        """The vectors; one of zeros where there are none."""
        if self.parts is not None:
            return self.parts
        return SparseVectors(self.layout, sparse.csr_array((1, self.layout.size)))

    def result(self, values: Sums) -> Sums:
        """(G,) values, or the one of the total alone."""
        return np.asarray(values[0] if self.parts is None else values)

    @property
    def n_rated(self) -> Sums:
        """(G,) units with any rating."""
        return self.result(self.plus(self.total[-2], self.own.n_rated))

    @property
    def n_pairable(self) -> Sums:
        """(G,) units with at least two ratings."""
        return self.result(self.plus(self.total[-1], self.own.n_pairable))

    @property
    def margin_total(self) -> Sums:
        """(G,) margins summed over the levels: the rated units again."""
        margins = self.total[2 * self.layout.n_pairs : -2]
        return self.result(self.plus(margins.sum(), np.asarray(self.own.margins.sum(axis=1))))

    @property
    def margin_squares(self) -> Sums:
        """(G,) squares of the margins summed over the levels."""
        margins = self.total[2 * self.layout.n_pairs : -2]
        return self.result(power_sums(margins, self.own.margins, self.scalar, 2))


AnySums: TypeAlias = Sums | PartedSums


def number_left(
    common: Floats, own: sparse.csr_array, factor: complex, wanted: NDArray[np.bool_]
) -> Floats:
    """(G,) how many of the wanted entries are above zero: exact, where a sum would be rounded."""
    owner = np.repeat(np.arange(own.shape[0]), np.diff(own.indptr))
    before = common[own.indices]
    after = np.real(before + factor * own.data)
    change = ((after > RESIDUE).astype(np.float64) - (before > RESIDUE)) * wanted[own.indices]
    left = np.bincount(owner, weights=change, minlength=own.shape[0])
    return np.asarray(np.rint(((common > RESIDUE) & wanted).sum() + left))


def power_sums(common: Floats, own: sparse.csr_array, factor: complex, power: int) -> Sums:
    """(G,) Σ (common + factor · own)^power over the levels; only `own` differs between clusters."""
    before = common[own.indices]
    change = (before + factor * own.data) ** power - before**power
    changes = sparse.csr_array((change, own.indices, own.indptr), shape=own.shape)
    return np.asarray((common**power).sum() + np.asarray(changes.sum(axis=1)))
