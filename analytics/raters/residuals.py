"""Residuals of an annotator against the others, one per item in time order; for drift rules."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from analytics.agreement.sums.layout import Floats
from analytics.tables import RatingTable
from analytics.validation import Indices


@dataclass(frozen=True, eq=False)
class Course:
    """An annotator's mean residual per item, in time order.

    Attributes:
        residuals: (T,) own minus the others' mean, meaned over the item's candidates.
        times: (T,) when the annotator rated the item.
    """

    residuals: Floats
    times: Floats


def rating_residuals(table: RatingTable) -> Floats:
    """Return (N,) own rating minus the mean of the others on the unit; NaN without others."""
    values = table.values
    n = np.bincount(table.unit, minlength=table.n_units)
    total = np.bincount(table.unit, weights=values, minlength=table.n_units)
    others = n[table.unit] - 1
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (total[table.unit] - values) / others
    return np.asarray(np.where(others > 0, values - mean, np.nan))


def item_courses(table: RatingTable, time: Indices | Floats) -> dict[Hashable, Course]:
    """Return each annotator's mean residual per item with overlap, in time order.

    Args:
        table: one dimension's ratings.
        time: (N,) when each rating was made, in any unit.
    """
    residual = rating_residuals(table)
    known = np.isfinite(residual)
    n_items = max(table.n_items, 1)
    keys, key = np.unique(table.rater[known] * n_items + table.item[known], return_inverse=True)
    n = np.bincount(key, minlength=len(keys))
    mean = np.bincount(key, weights=residual[known], minlength=len(keys)) / n
    first = np.full(len(keys), np.inf)
    np.minimum.at(first, key, np.asarray(time, dtype=np.float64)[known])
    rater = keys // n_items
    found: dict[Hashable, Course] = {}
    for index, label in enumerate(table.rater_labels):
        mine = np.flatnonzero(rater == index)
        order = mine[np.argsort(first[mine], kind="stable")]
        found[label] = Course(mean[order], first[order])
    return found
