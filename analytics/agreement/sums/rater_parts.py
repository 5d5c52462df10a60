"""What each annotator's ratings add to the sums: leave-one-annotator-out costs one subtraction."""

from dataclasses import dataclass

import numpy as np

from analytics.agreement.sums.group_sums import group
from analytics.agreement.sums.layout import Floats, Layout
from analytics.agreement.sums.patterns import Integers, Patterns
from analytics.tables import RatingTable


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


def overlapping(parts: Floats, layout: Layout) -> Floats:
    """Keep the (R', K) rows of raters who share a unit with another rater.

    A rating on a shared unit adds one or two to the sum of its coincidences.
    """
    shared = layout.coincidences(parts).sum(axis=(-2, -1))
    return np.asarray(parts[shared > 1 / 2])
