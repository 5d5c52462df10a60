"""What each annotator's ratings add to the sums: leave-one-annotator-out costs one subtraction."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analytics.agreement.coefficients import Statistic
from analytics.agreement.jackknife import leave_out
from analytics.agreement.layout import PAIR, Floats, Layout
from analytics.agreement.patterns import Integers, Patterns
from analytics.tables import RatingTable


@dataclass(frozen=True, eq=False)
class RaterItemRows:
    """Sums per (rater, item) with overlap, sorted by rater, then item.

    Attributes:
        rater: (Q,) rater of each row.
        item: (Q,) item of each row.
        rows: (Q, …) summed vectors.
    """

    rater: Integers
    item: Integers
    rows: Floats


@dataclass(frozen=True, eq=False)
class RatingCells:
    """The distinct (pattern of the unit, own level) pairs of ratings.

    Attributes:
        cell: (N,) distinct pair of each rating.
        counts: (C, V) level counts of the unit, the rating included.
        level: (C,) own level.
    """

    cell: Integers
    counts: Integers
    level: Integers

    @property
    def others(self) -> Integers:
        """(C, V) level counts of the other ratings of the unit."""
        rest = self.counts.copy()
        rest[np.arange(len(rest)), self.level] -= 1
        return rest


def rating_cells(table: RatingTable, patterns: Patterns) -> RatingCells:
    """Find the distinct (pattern, own level) pairs: a few hundred for any number of ratings."""
    n_levels = len(table.scale)
    keys = patterns.of_unit[table.unit] * n_levels + table.level
    found, cell = np.unique(keys, return_inverse=True)
    return RatingCells(cell, patterns.counts[found // n_levels], found % n_levels)


def rater_parts(table: RatingTable, patterns: Patterns, layout: Layout) -> Floats:
    """Return (R, K) what each rater's ratings add: sums with them minus sums without them."""
    cells = rating_cells(table, patterns)
    added = layout.vectors(cells.counts) - layout.vectors(cells.others)
    ones = np.ones(table.n_ratings)
    shape = (table.n_raters, len(added))
    return np.asarray(sparse.csr_array((ones, (table.rater, cells.cell)), shape=shape) @ added)


def rater_item_parts(table: RatingTable, patterns: Patterns, layout: Layout) -> RaterItemRows:
    """Return what each rater's ratings on shared units add within each item."""
    cells = rating_cells(table, patterns)
    added = layout.vectors(cells.counts) - layout.vectors(cells.others)
    return sum_by_rater_and_item(table, cells, added)


def sum_by_rater_and_item(table: RatingTable, cells: RatingCells, vectors: Floats) -> RaterItemRows:
    """Sum the (C, …) vectors of the ratings on shared units within each (rater, item)."""
    shared = (cells.counts.sum(axis=1) >= PAIR)[cells.cell]
    n_items = max(table.n_items, 1)
    keys, key = np.unique(table.rater[shared] * n_items + table.item[shared], return_inverse=True)
    ones, shape = np.ones(len(key)), (len(keys), len(vectors))
    histogram = sparse.csr_array((ones, (key, cells.cell[shared])), shape=shape)
    return RaterItemRows(keys // n_items, keys % n_items, np.asarray(histogram @ vectors))


def overlapping(parts: Floats, layout: Layout) -> Floats:
    """Keep the (R', K) rows of raters who share a unit with another rater.

    A rating on a shared unit adds one or two to the sum of its coincidences.
    """
    shared = layout.coincidences(parts).sum(axis=(-2, -1))
    return np.asarray(parts[shared > 1 / 2])


def leave_one_annotator_out(statistic: Statistic, total: Floats, parts: Floats) -> Floats:
    """Return (R,) values of a statistic without each annotator, NaN where undefined."""
    return np.asarray(statistic(leave_out(total, parts)), dtype=np.float64)
