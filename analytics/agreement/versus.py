"""One rater against the others: the vector that each rating on a shared unit adds.

For a rating x on a unit whose m - 1 other ratings have counts o, the vector holds the (V, V)
directed confusion e_x oᵀ / (m - 1), flattened, and the square of the others' mean value. Severity,
α against the rest and κ against the consensus of the others are functions of its sum.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analytics.agreement.layout import PAIR, Floats
from analytics.agreement.patterns import Integers, Patterns
from analytics.scales import Scale
from analytics.tables import RatingTable


@dataclass(frozen=True, eq=False)
class Versus:
    """Sums per (rater, item) with overlap.

    Attributes:
        rater: (Q,) rater of each row.
        item: (Q,) item of each row.
        rows: (Q, V² + 1) summed vectors.
    """

    rater: Integers
    item: Integers
    rows: Floats


def versus_vectors(others: Integers, level: Integers, scale: Scale) -> Floats:
    """Return the (C, V² + 1) vectors of (C, V) counts of the others and (C,) own levels."""
    n_cells, n_levels = others.shape
    shares = others / others.sum(axis=1, keepdims=True)
    confusion = np.zeros((n_cells, n_levels, n_levels))
    confusion[np.arange(n_cells), level] = shares
    consensus = shares @ np.asarray(scale.values)
    return np.column_stack([confusion.reshape(n_cells, n_levels**2), np.square(consensus)])


def against_others(table: RatingTable, patterns: Patterns) -> Versus:
    """Sum each rater's ratings on shared units within each item."""
    n_levels = len(table.scale)
    shared = patterns.n_ratings[patterns.of_unit[table.unit]] >= PAIR
    pattern, level = patterns.of_unit[table.unit[shared]], table.level[shared]
    cells, cell = np.unique(pattern * n_levels + level, return_inverse=True)
    others = patterns.counts[cells // n_levels].copy()
    others[np.arange(len(cells)), cells % n_levels] -= 1
    vectors = versus_vectors(others, cells % n_levels, table.scale)
    n_items = max(table.n_items, 1)
    keys, key = np.unique(table.rater[shared] * n_items + table.item[shared], return_inverse=True)
    ones = np.ones(len(key))
    histogram = sparse.csr_array((ones, (key, cell)), shape=(len(keys), len(cells)))
    return Versus(keys // n_items, keys % n_items, np.asarray(histogram @ vectors))
