"""Evidence: all that a report needs of a table, as sums; built from ratings or from moments."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from analytics.agreement.annotators import overlapping, rater_parts, rating_cells
from analytics.agreement.coefficients import Statistic
from analytics.agreement.jackknife import delete_one_variance, linearised_variance
from analytics.agreement.layout import PAIR, Floats, Layout
from analytics.agreement.patterns import Integers, cluster_sums, find_patterns
from analytics.scales import Scale
from analytics.tables import RatingTable

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

    rows: Floats

    @cached_property
    def overlapping(self) -> Floats:
        """(G', K) rows of the items with overlap."""
        return self.rows[self.rows[:, -1] > 0]

    @property
    def n_overlapping(self) -> int:
        return len(self.overlapping)

    def variance(self, statistic: Statistic, *, with_singles: bool) -> ItemVariance:
        """Delete one item at a time; linearised where one item decides the statistic alone."""
        rows = self.rows if with_singles else self.overlapping
        total = rows.sum(axis=0)
        exact = delete_one_variance(statistic, total, rows)
        if math.isfinite(exact):
            return ItemVariance(exact, DELETE_ONE)
        second = rows.T @ rows
        return ItemVariance(linearised_variance(statistic, total, second, len(rows)), LINEARISED)


@dataclass(frozen=True, eq=False)
class Evidence:
    """Sums of one (dimension, stratum, design).

    Attributes:
        scale: the declared levels.
        counts: (P, V) distinct level-count patterns of units.
        multiplicity: (P,) units with each pattern.
        items: spread over items.
        raters: (R, K) what each rater adds, see `annotators.rater_parts`.
    """

    scale: Scale
    counts: Integers
    multiplicity: Integers
    items: ItemSpread
    raters: Floats

    @cached_property
    def layout(self) -> Layout:
        return Layout(len(self.scale))

    @cached_property
    def total(self) -> Floats:
        """(K,) sums over all units."""
        return np.asarray(self.multiplicity @ self.layout.vectors(self.counts))

    @cached_property
    def ratings_per_unit(self) -> Integers:
        """(P,) ratings of each pattern."""
        return np.asarray(self.counts.sum(axis=1))

    def n_units_with(self, fewest: int, most: int | None = None) -> int:
        """Count the units with at least `fewest` and at most `most` ratings."""
        enough = self.ratings_per_unit >= fewest
        if most is not None:
            enough &= self.ratings_per_unit <= most
        return int(self.multiplicity[enough].sum())

    @cached_property
    def overlapping_raters(self) -> Floats:
        """(R', K) parts of the raters who share a unit with another."""
        return overlapping(self.raters, self.layout)

    @property
    def n_raters(self) -> int:
        """Raters with any rating: each adds to the coincidences, or to the rated units."""
        shared = self.layout.coincidences(self.raters).sum(axis=(-2, -1))
        return int((shared + self.layout.n_rated(self.raters) > 1 / 2).sum())

    def unit_variance(self, statistic: Statistic) -> float:
        """Linearised variance with units taken as independent, from the patterns alone."""
        pairable = self.ratings_per_unit >= PAIR
        vectors, times = self.layout.vectors(self.counts[pairable]), self.multiplicity[pairable]
        second = vectors.T @ (times[:, None] * vectors)
        return linearised_variance(statistic, times @ vectors, second, int(times.sum()))


def gather(table: RatingTable) -> Evidence:
    """Sum a table's ratings into the evidence for a report."""
    layout = Layout(len(table.scale))
    patterns = find_patterns(table)
    rows = cluster_sums(table.unit_item, table.n_items, patterns, layout)
    return Evidence(
        scale=table.scale,
        counts=patterns.counts,
        multiplicity=patterns.multiplicity,
        items=ItemRows(rows[layout.n_rated(rows) > 0]),
        raters=rater_parts(table, rating_cells(table, patterns), layout),
    )
