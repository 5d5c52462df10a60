"""Evidence: all that a report needs of a table, as sums; built from ratings or from moments."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from typing_extensions import override

from analytics.agreement.coefficients.catalogue import Statistic
from analytics.agreement.inference.gradients import direction
from analytics.agreement.inference.item_spread import ItemRows, ItemSpread
from analytics.agreement.inference.jackknife import linearised_variance, terms_variance
from analytics.agreement.sums.cluster_rows import Rows
from analytics.agreement.sums.layout import PAIR, Floats, Layout
from analytics.agreement.sums.parted_sums import AnySums, PartedSums
from analytics.agreement.sums.patterns import Integers, cluster_sums, find_patterns
from analytics.agreement.sums.present_levels import is_dense, on_present_levels
from analytics.agreement.sums.rater_parts import overlapping, rater_parts, rating_cells
from analytics.agreement.sums.sparse_rater_parts import rater_vectors
from analytics.agreement.sums.sparse_vectors import SparseVectors, level_counts, unit_vectors
from analytics.scales import Scale
from analytics.tables import RatingTable


@dataclass(frozen=True, eq=False)
class Evidence(ABC):
    """Sums of one (dimension, stratum, design).

    Attributes:
        scale: the declared levels, or of many the ones that are present.
        multiplicity: (P,) how often each row of units occurs.
        items: spread over items.
        raters: R rows of what each rater adds, see `rater_parts.rater_parts`.
    """

    scale: Scale
    multiplicity: Integers
    items: ItemSpread
    raters: Rows

    @property
    @abstractmethod
    def ratings_per_unit(self) -> Integers:
        """(P,) ratings of the units of each row."""

    @property
    @abstractmethod
    def total(self) -> AnySums:
        """Sums over all units."""

    @property
    @abstractmethod
    def overlapping_raters(self) -> Rows:
        """Parts of the R' raters who share a unit with another."""

    @property
    @abstractmethod
    def n_raters(self) -> int:
        """Raters with any rating."""

    @abstractmethod
    def unit_variance(self, statistic: Statistic) -> float:
        """Linearised variance with pairable units taken as independent."""

    @property
    def n_ratings(self) -> int:
        """Ratings in all."""
        return int(self.multiplicity @ self.ratings_per_unit)

    def n_units_with(self, fewest: int, most: int | None = None) -> int:
        """Count the units with at least `fewest` and at most `most` ratings."""
        enough = self.ratings_per_unit >= fewest
        if most is not None:
            enough &= self.ratings_per_unit <= most
        return int(self.multiplicity[enough].sum())


@dataclass(frozen=True, eq=False, kw_only=True)
class DenseEvidence(Evidence):
    """Evidence on few levels.

    Attributes:
        counts: (P, V) distinct level-count patterns of units.
        raters: (R, K).
    """

    counts: Integers
    raters: Floats

    @cached_property
    def layout(self) -> Layout:
        return Layout(len(self.scale))

    @cached_property
    @override
    def total(self) -> Floats:
        """(K,) sums over all units."""
        return np.asarray(self.multiplicity @ self.layout.vectors(self.counts))

    @cached_property
    @override
    def ratings_per_unit(self) -> Integers:
        """(P,) ratings of each pattern."""
        return np.asarray(self.counts.sum(axis=1))

    @cached_property
    @override
    def overlapping_raters(self) -> Floats:
        """(R', K) parts of the raters who share a unit with another."""
        return overlapping(self.raters, self.layout)

    @property
    @override
    def n_raters(self) -> int:
        """Raters with any rating: each adds to the coincidences, or to the rated units."""
        shared = self.layout.coincidences(self.raters).sum(axis=(-2, -1))
        return int((shared + self.layout.n_rated(self.raters) > 1 / 2).sum())

    @override
    def unit_variance(self, statistic: Statistic) -> float:
        """From the patterns alone."""
        pairable = self.ratings_per_unit >= PAIR
        vectors, times = self.layout.vectors(self.counts[pairable]), self.multiplicity[pairable]
        second = vectors.T @ (times[:, None] * vectors)
        return linearised_variance(statistic, times @ vectors, second, int(times.sum()))


@dataclass(frozen=True, eq=False, kw_only=True)
class SparseEvidence(Evidence):
    """Evidence on many levels: costs follow the ratings, not pairs of pairs of levels.

    Attributes:
        units: vectors of the rated units, one per row.
        numbers: (P,) ratings of each.
        raters: R vectors.
        given: (R,) ratings of each rater.
    """

    units: SparseVectors
    numbers: Integers
    raters: SparseVectors
    given: Integers

    @property
    @override
    def ratings_per_unit(self) -> Integers:
        return self.numbers

    @cached_property
    @override
    def total(self) -> PartedSums:
        return PartedSums(self.units.layout, self.units.total())

    @cached_property
    @override
    def overlapping_raters(self) -> SparseVectors:
        """A rating on a shared unit adds one or two to the sum of its coincidences."""
        shared = np.asarray(self.raters.frequencies.sum(axis=1))
        return self.raters[shared > 1 / 2]

    @property
    @override
    def n_raters(self) -> int:
        return int((self.given > 0).sum())

    @override
    def unit_variance(self, statistic: Statistic) -> float:
        units = self.units[self.ratings_per_unit >= PAIR]
        total = PartedSums(units.layout, units.total())
        return terms_variance(direction(statistic, total, units), np.ones(len(units)))


def gather(table: RatingTable) -> Evidence:
    """Sum a table's ratings into the evidence for a report, on the levels that are present."""
    few = on_present_levels(table)
    return gather_dense(few) if is_dense(few) else gather_sparse(few)


def gather_dense(table: RatingTable) -> DenseEvidence:
    """Sum a table on few levels: matrices over pairs of levels."""
    layout = Layout(len(table.scale))
    patterns = find_patterns(table)
    rows = cluster_sums(table.unit_item, table.n_items, patterns, layout)
    return DenseEvidence(
        scale=table.scale,
        counts=patterns.counts,
        multiplicity=patterns.multiplicity,
        items=ItemRows(rows[layout.n_rated(rows) > 0]),
        raters=rater_parts(table, rating_cells(table, patterns), layout),
    )


def gather_sparse(table: RatingTable) -> SparseEvidence:
    """Sum a table on any number of levels, with entries only for the pairs that occur."""
    counts = level_counts(table)
    every = unit_vectors(table.scale, counts)
    items = every.summed(table.unit_item, table.n_items)
    ratings = np.bincount(table.unit, minlength=table.n_units)
    rated = ratings > 0
    return SparseEvidence(
        scale=table.scale,
        multiplicity=np.ones(int(rated.sum()), dtype=np.int64),
        items=ItemRows(items[items.n_rated > 0]),
        raters=rater_vectors(table, counts, every),
        units=every[rated],
        numbers=ratings[rated],
        given=np.bincount(table.rater, minlength=table.n_raters),
    )
