"""One rater against the others: the vector that each rating on a shared unit adds.

For a rating x on a unit whose m - 1 other ratings have counts o, the vector holds the (V, V)
directed confusion e_x oᵀ / (m - 1), flattened, and the square of the others' mean value. Severity,
α against the rest and κ against the consensus of the others are functions of its sum.
"""

import numpy as np

from analytics.agreement.annotators import RatingCells
from analytics.agreement.layout import Floats
from analytics.scales import Scale


def versus_vectors(cells: RatingCells, scale: Scale) -> Floats:
    """Return the (C, V² + 1) vectors of the distinct (pattern, own level) pairs."""
    others, n_levels = cells.others, len(scale)
    n_cells, total = len(others), others.sum(axis=1, keepdims=True)
    shares = np.divide(others, total, out=np.zeros(others.shape), where=total > 0)
    confusion = np.zeros((n_cells, n_levels, n_levels))
    confusion[np.arange(n_cells), cells.level] = shares
    consensus = shares @ np.asarray(scale.values)
    return np.column_stack([confusion.reshape(n_cells, n_levels**2), np.square(consensus)])
