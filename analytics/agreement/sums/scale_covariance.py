"""Cross moments of two dimensions: sums over items of the products of their vectors."""

from dataclasses import dataclass

import numpy as np

from analytics.agreement.sums.layout import Floats, Layout
from analytics.scales import Scale


@dataclass(frozen=True, eq=False)
class CrossMoments:
    """Sums over items of the products of two dimensions' vectors.

    Attributes:
        n_either: items with overlap on either dimension.
        n_both: items with overlap on both.
        product: (K₁, K₂) Σ s₁ s₂ᵀ over the items.
    """

    n_either: int
    n_both: int
    product: Floats

    @classmethod
    def empty(cls, first: Scale, second: Scale) -> "CrossMoments":
        """Return the cross moments of no item."""
        shape = (Layout(len(first)).size, Layout(len(second)).size)
        return cls(0, 0, np.zeros(shape))
