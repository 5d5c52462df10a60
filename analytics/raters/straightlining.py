"""Straight-lining: the same level for all candidates of an item, and long runs of one level.

Sources: Meade and Craig (2012), long-string index; Curran (2016).
"""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from analytics.raters.binomial_shares import Share, share
from analytics.tables import RatingTable
from analytics.validation import Indices

FEWEST_CANDIDATES = 3


@dataclass(frozen=True)
class StraightLine:
    """One annotator's use of levels within items.

    Attributes:
        flat_items: share of items with one level for all their candidates, of the items where
            the annotator rated at least three.
        expected: share of flat (rater, item) pairs among all the other annotators.
        longest_run: most equal levels in a row, in the order of the table's rows.
    """

    flat_items: Share
    expected: float | None
    longest_run: int


def straight_lines(table: RatingTable) -> dict[Hashable, StraightLine]:
    """Describe each annotator; the table's rows must be in the order of rating."""
    n_items = max(table.n_items, 1)
    keys, key, times = np.unique(
        table.rater * n_items + table.item, return_inverse=True, return_counts=True
    )
    low = np.full(len(keys), len(table.scale))
    high = np.full(len(keys), -1)
    np.minimum.at(low, key, table.level)
    np.maximum.at(high, key, table.level)
    counted = times >= FEWEST_CANDIDATES
    rater, flat = (keys // n_items)[counted], (low == high)[counted]
    n = np.bincount(rater, minlength=table.n_raters)
    k = np.bincount(rater[flat], minlength=table.n_raters)
    return {
        label: StraightLine(
            flat_items=share(int(k[index]), int(n[index])),
            expected=_ratio(int(k.sum() - k[index]), int(n.sum() - n[index])),
            longest_run=_longest_equal(table.level[table.rater == index]),
        )
        for index, label in enumerate(table.rater_labels)
    }


def _ratio(k: int, n: int) -> float | None:
    return k / n if n else None


def _longest_equal(levels: Indices) -> int:
    if not len(levels):
        return 0
    edges = np.flatnonzero(np.diff(levels)) + 1
    bounds = np.concatenate([[0], edges, [len(levels)]])
    return int(np.diff(bounds).max())
