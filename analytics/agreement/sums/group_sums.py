"""Groups integer codes and sums vectors within groups: floats, sparse rows and whole numbers."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analytics.agreement.sums.layout import Floats
from analytics.validation import Indices

# Look-up tables up to this size, or a few times the data, are faster than sorting.
TABLE_LIMIT = 1 << 20
TABLE_SHARE = 8


def group(codes: Indices, n_possible: int) -> tuple[Indices, Indices, Indices]:
    """Return the (C,) distinct codes in order, each code's place, and the (C,) group sizes.

    Args:
        codes: (N,) codes from 0 to n_possible - 1.
        n_possible: how many codes there could be.
    """
    if n_possible > max(TABLE_LIMIT, TABLE_SHARE * len(codes)):
        found, inverse, sizes = np.unique(codes, return_inverse=True, return_counts=True)
        return found, inverse, sizes
    histogram = np.bincount(codes, minlength=n_possible)
    found = np.flatnonzero(histogram)
    place = np.zeros(n_possible, dtype=np.int64)
    place[found] = np.arange(len(found))
    return found, place[codes], histogram[found]


def sum_within(places: Indices, n_groups: int, cell: Indices, vectors: Floats) -> Floats:
    """Return (G, X) sums of (C, X) vectors over the members of each group.

    Args:
        places: (N,) group of each member.
        n_groups: G.
        cell: (N,) which vector each member adds.
        vectors: (C, X).
    """
    return np.asarray(membership(places, n_groups, cell, len(vectors)) @ vectors)


def membership(places: Indices, n_groups: int, cell: Indices, n_cells: int) -> sparse.csr_array:
    """Return (G, C) how often each vector is a member of each group: its product sums them."""
    return sparse.csr_array((np.ones(len(cell)), (places, cell)), shape=(n_groups, n_cells))


def sum_by_key(keys: Indices, rows: NDArray[Any]) -> tuple[Indices, NDArray[Any]]:
    """Return the (Q,) distinct keys in order and the (Q, …) sums of the rows of each.

    Rows are whole numbers of any size: no sum is rounded.
    """
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
