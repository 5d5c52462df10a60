"""Where the variance over items comes from: their own sums, dense or sparse."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from analytics.agreement.coefficients.catalogue import Statistic
from analytics.agreement.inference.jackknife import delete_one_variance, rows_variance
from analytics.agreement.sums.cluster_rows import Rows, pairable, total_of

DELETE_ONE = "delete-one-item jackknife of atanh, t(G-1)"
LINEARISED = "linearised item jackknife of atanh, t(G-1)"


@dataclass(frozen=True)
class ItemVariance:
    """Variance of a statistic over items, and the name of the method that gave it."""

    value: float
    method: str


class ItemSpread(Protocol):
    """Where the variance over items comes from."""

    @property
    def n_overlapping(self) -> int:
        """Items with at least one unit of two ratings."""

    def variance(self, statistic: Statistic, *, with_singles: bool) -> ItemVariance:
        """Variance over items; `with_singles` counts the items without overlap too."""


@dataclass(frozen=True, eq=False)
class ItemRows:
    """Spread over items from the (G, K) sums of each rated item."""

    rows: Rows

    @cached_property
    def overlapping(self) -> Rows:
        """(G', K) rows of the items with overlap."""
        return self.rows[pairable(self.rows) > 0]

    @property
    def n_overlapping(self) -> int:
        return len(self.overlapping)

    def variance(self, statistic: Statistic, *, with_singles: bool) -> ItemVariance:
        """Delete one item at a time; linearised where one item decides the statistic alone."""
        rows = self.rows if with_singles else self.overlapping
        total = total_of(rows)
        exact = delete_one_variance(statistic, total, rows)
        if math.isfinite(exact):
            return ItemVariance(exact, DELETE_ONE)
        return ItemVariance(rows_variance(statistic, total, rows), LINEARISED)
