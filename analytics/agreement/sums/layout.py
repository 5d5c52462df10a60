"""The short vector that each unit adds to the sums; every coefficient is a function of the sums.

For V levels and a unit with level counts c and m = Σc ratings the vector contains, in order,
the upper triangle of the coincidences (c cᵀ - diag c) / (m - 1), the same divided by m again,
the margins c / m, one for a rated unit, and one for a pairable unit (m ≥ 2).
"""

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

# Sums are real; a complex step through them gives exact derivatives (see `inference.gradients`).
Sums: TypeAlias = NDArray[np.inexact]
Floats: TypeAlias = NDArray[np.float64]
PAIR = 2


@cache
def _triangle(n_levels: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    rows, columns = np.triu_indices(n_levels)
    return rows, columns


@cache
def _square_index(n_levels: int) -> NDArray[np.intp]:
    rows, columns = _triangle(n_levels)
    index = np.zeros((n_levels, n_levels), dtype=np.intp)
    index[rows, columns] = index[columns, rows] = np.arange(len(rows))
    return index


@dataclass(frozen=True)
class Layout:
    """Places of the parts inside the vector, for a number of levels."""

    n_levels: int

    @property
    def triangle(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Row and column of each upper-triangle entry."""
        return _triangle(self.n_levels)

    @property
    def n_triangle(self) -> int:
        return self.n_levels * (self.n_levels + 1) // 2

    @property
    def size(self) -> int:
        """K, the length of the vector: 26 for four levels."""
        return 2 * self.n_triangle + self.n_levels + 2

    @property
    def square_index(self) -> NDArray[np.intp]:
        """(V, V) place of each pair of levels inside the triangle."""
        return _square_index(self.n_levels)

    def coincidences(self, sums: Sums) -> Sums:
        """Return the (…, V, V) coincidence matrices of (…, K) sums."""
        return sums[..., self.square_index]

    def proportions(self, sums: Sums) -> Sums:
        """Return (…, V, V) sums over units of the shares of ordered pairs."""
        return sums[..., self.n_triangle + self.square_index]

    def margins(self, sums: Sums) -> Sums:
        """Return (…, V) sums over rated units of the level shares."""
        return sums[..., 2 * self.n_triangle : 2 * self.n_triangle + self.n_levels]

    def n_rated(self, sums: Sums) -> Sums:
        """Return (…,) numbers of units with any rating."""
        return sums[..., -2]

    def n_pairable(self, sums: Sums) -> Sums:
        """Return (…,) numbers of units with at least two ratings."""
        return sums[..., -1]

    def vectors(self, counts: NDArray[np.integer]) -> Floats:
        """Return the (P, K) vectors of (P, V) level counts."""
        numbers = np.asarray(counts, dtype=np.float64)
        total = numbers.sum(axis=1, keepdims=True)
        pairable, rated = total >= PAIR, total >= 1
        rows, columns = self.triangle
        pairs = numbers[:, rows] * (numbers[:, columns] - (rows == columns))
        coincidences = np.divide(pairs, total - 1, out=np.zeros_like(pairs), where=pairable)
        shares = np.divide(coincidences, total, out=np.zeros_like(pairs), where=pairable)
        margins = np.divide(numbers, total, out=np.zeros_like(numbers), where=rated)
        return np.hstack([coincidences, shares, margins, rated, pairable])
