"""Exact derivatives of a statistic with respect to its sums, by a complex step."""

import numpy as np

from analytics.agreement.coefficients.catalogue import DenseStatistic, Statistic
from analytics.agreement.sums.cluster_rows import Rows
from analytics.agreement.sums.layout import Floats
from analytics.agreement.sums.parted_sums import AnySums, PartedSums
from analytics.agreement.sums.sparse_vectors import SparseVectors

STEP = 1e-30


def gradient(statistic: DenseStatistic, sums: Floats) -> Floats:
    """Return the (K,) gradient at (K,) sums; NaN where the statistic is undefined.

    f(s + ih) = f(s) + ih f'(s) + O(h²), so there is no cancellation (Squire and Trapp 1998).
    """
    steps = sums + 1j * STEP * np.eye(len(sums))
    return np.asarray(np.imag(statistic(steps)) / STEP)


def direction(statistic: Statistic, total: AnySums, rows: Rows) -> Floats:
    """Return the (G,) derivatives gᵀ s in the directions of G rows, without g where it is long.

    Raises:
        TypeError: a dense total with sparse rows, or the other way round.
    """
    if isinstance(total, PartedSums) and isinstance(rows, SparseVectors):
        steps = PartedSums(total.layout, total.total, rows, 1j * STEP)
        return np.asarray(np.imag(statistic(steps)) / STEP)
    if isinstance(total, PartedSums) or isinstance(rows, SparseVectors):
        raise TypeError("a total and its rows are both dense or both sparse")
    return np.asarray(rows @ gradient(statistic, total.real))
