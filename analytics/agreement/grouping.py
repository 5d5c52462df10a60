"""Groups integer codes and sums vectors within groups."""

import numpy as np
from scipy import sparse

from analytics.agreement.layout import Floats
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
    shape = (n_groups, len(vectors))
    members = sparse.coo_array((np.ones(len(cell)), (places, cell)), shape=shape)
    return np.asarray(members.tocsr() @ vectors)
