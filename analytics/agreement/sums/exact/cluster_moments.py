"""First and second moments of signed rows."""

import numpy as np

from analytics.agreement.sums.exact.integers import Whole, cross_product
from analytics.agreement.sums.exact.vectors import upper_triangle
from analytics.validation import Indices


def cluster_body(rows: Whole, sign: Indices) -> Whole:
    """Return Σ s and the upper triangle of Σ s sᵀ over signed (n, K) rows."""
    second = cross_product(rows * sign[:, None], rows)
    return np.concatenate([sign @ rows, second[upper_triangle(rows.shape[1])]])
