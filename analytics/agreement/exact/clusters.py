"""Sums of rows within groups, and the first and second moments of signed rows."""

from itertools import pairwise

import numpy as np

from analytics.agreement.exact.integers import Whole, cross_product
from analytics.agreement.exact.vectors import upper_triangle
from analytics.validation import Indices


def cluster_body(rows: Whole, sign: Indices) -> Whole:
    """Return Σ s and the upper triangle of Σ s sᵀ over signed (n, K) rows."""
    second = cross_product(rows * sign[:, None], rows)
    return np.concatenate([sign @ rows, second[upper_triangle(rows.shape[1])]])


def sums_within(keys: Indices, rows: Whole) -> tuple[Indices, Whole]:
    """Return the (Q,) distinct keys in order and the (Q, …) sums of the rows of each."""
    if not len(keys):
        return keys, rows
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return ordered[starts], np.add.reduceat(rows[order], starts, axis=0)


def slices(owner: Indices, n_owners: int) -> list[slice]:
    """Return the slice of each owner's rows, given (Q,) sorted owners."""
    edges = np.searchsorted(owner, np.arange(n_owners + 1)).tolist()
    return [slice(*pair) for pair in pairwise(edges)]
