"""One rater against the others: the vector that each rating on a shared unit adds.

For a rating x on a unit whose m - 1 other ratings have counts o, the vector holds the (V, V)
directed confusion e_x oᵀ / (m - 1), flattened, and the square of the others' mean value. Severity,
α against the rest and κ against the consensus of the others are functions of its sum.
"""

import numpy as np

from analytics.agreement.annotators import RaterItemRows, rating_cells, sum_by_rater_and_item
from analytics.agreement.layout import Floats
from analytics.agreement.patterns import Integers, Patterns
from analytics.scales import Scale
from analytics.tables import RatingTable


def versus_vectors(others: Integers, level: Integers, scale: Scale) -> Floats:
    """Return the (C, V² + 1) vectors of (C, V) counts of the others and (C,) own levels."""
    n_cells, n_levels = others.shape
    total = others.sum(axis=1, keepdims=True)
    shares = np.divide(others, total, out=np.zeros(others.shape), where=total > 0)
    confusion = np.zeros((n_cells, n_levels, n_levels))
    confusion[np.arange(n_cells), level] = shares
    consensus = shares @ np.asarray(scale.values)
    return np.column_stack([confusion.reshape(n_cells, n_levels**2), np.square(consensus)])


def against_others(table: RatingTable, patterns: Patterns) -> RaterItemRows:
    """Sum each rater's ratings on shared units within each item: (Q, V² + 1) rows."""
    cells = rating_cells(table, patterns)
    vectors = versus_vectors(cells.others, cells.level, table.scale)
    return sum_by_rater_and_item(table, cells, vectors)
