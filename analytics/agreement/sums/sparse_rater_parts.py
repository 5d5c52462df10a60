"""What each rater's ratings add to sparse sums: `rater_parts.rater_parts` for many levels."""

import numpy as np
from scipy import sparse

from analytics.agreement.sums.group_sums import membership
from analytics.agreement.sums.sparse_vectors import SparseVectors, vectors_in
from analytics.tables import RatingTable


def rater_vectors(
    table: RatingTable, counts: sparse.csr_array, units: SparseVectors
) -> SparseVectors:
    """Return R vectors: sums with a rater's ratings minus sums without them.

    Args:
        table: on its present levels.
        counts: (U, V) its level counts.
        units: vectors of all its units.
    """
    n_levels = len(table.scale)
    cells, cell = np.unique(table.unit * n_levels + table.level, return_inverse=True)
    unit, level = cells // n_levels, cells % n_levels
    shape = (len(cells), n_levels)
    own = sparse.csr_array((np.ones(len(cells)), (np.arange(len(cells)), level)), shape=shape)
    others = (counts[unit] - own).tocsr()
    others.eliminate_zeros()
    others.sort_indices()
    added = units.matrix[unit] - vectors_in(units.layout, others).matrix
    members = membership(table.rater, table.n_raters, cell, len(cells))
    return SparseVectors(units.layout, (members @ added).tocsr())
