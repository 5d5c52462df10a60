"""What each annotator's ratings add to the sums: leave-one-annotator-out costs one subtraction."""

from dataclasses import dataclass

import numpy as np

from analytics.agreement.coefficients import Statistic
from analytics.agreement.grouping import group, sum_within
from analytics.agreement.jackknife import without
from analytics.agreement.layout import PAIR, Floats, Layout
from analytics.agreement.parted import AnySums
from analytics.agreement.patterns import Integers, Patterns
from analytics.agreement.rows import Rows
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
    found, cell, _ = group(keys, len(patterns.counts) * n_levels)
    return RatingCells(cell, patterns.counts[found // n_levels], found % n_levels)


def added_vectors(cells: RatingCells, layout: Layout) -> Floats:
    """Return the (C, K) difference that a rating makes: its unit with it minus without it."""
    return layout.vectors(cells.counts) - layout.vectors(cells.others)


def rater_parts(table: RatingTable, cells: RatingCells, layout: Layout) -> Floats:
    """Return (R, K) what each rater's ratings add: sums with them minus sums without them."""
    n_cells = len(cells.level)
    keys = table.rater * n_cells + cells.cell
    times = np.bincount(keys, minlength=table.n_raters * n_cells)
    return times.reshape(table.n_raters, n_cells) @ added_vectors(cells, layout)


def sum_by_rater_and_item(table: RatingTable, cells: RatingCells, vectors: Floats) -> RaterItemRows:
    """Sum the (C, …) vectors of the ratings on shared units within each (rater, item)."""
    shared = (cells.counts.sum(axis=1) >= PAIR)[cells.cell]
    n_items = max(table.n_items, 1)
    keys = table.rater[shared] * n_items + table.item[shared]
    found, places, _ = group(keys, table.n_raters * n_items)
    rows = sum_within(places, len(found), cells.cell[shared], vectors)
    return RaterItemRows(found // n_items, found % n_items, rows)


def overlapping(parts: Floats, layout: Layout) -> Floats:
    """Keep the (R', K) rows of raters who share a unit with another rater.

    A rating on a shared unit adds one or two to the sum of its coincidences.
    """
    shared = layout.coincidences(parts).sum(axis=(-2, -1))
    return np.asarray(parts[shared > 1 / 2])


def leave_one_annotator_out(statistic: Statistic, total: AnySums, parts: Rows) -> Floats:
    """Return (R,) values of a statistic without each annotator, NaN where undefined."""
    return np.asarray(statistic(without(total, parts)), dtype=np.float64)
