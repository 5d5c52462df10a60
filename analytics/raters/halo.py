"""Halo: a rater's correlation between two dimensions beyond that of the other raters."""

import math
from collections.abc import Hashable

import numpy as np

from analytics.agreement.inference.gradients import gradient
from analytics.agreement.sums.layout import Floats, Sums
from analytics.estimates import Estimate, Interval, Reason
from analytics.limits import FEWEST_ITEMS
from analytics.raters.rater_figures import Figure
from analytics.t_intervals import t_interval
from analytics.tables import RatingTable
from analytics.validation import Indices

METHOD = "own minus others' correlation, linearised variance over items, t(G-1)"


def halo(first: RatingTable, second: RatingTable) -> dict[Hashable, Figure]:
    """Compare each rater's correlation between two dimensions with that of all others.

    Args:
        first: ratings on one dimension.
        second: on the other; units and raters are matched by label.

    Returns:
        Own minus others' correlation by rater: positive where the dimensions are distinguished
        less.
    """
    rows, rater, labels = _rows(first, second)
    return {
        label: _figure(rows[rater == index], rows[rater != index])
        for index, label in labels.items()
    }


def _rows(first: RatingTable, second: RatingTable) -> tuple[Floats, Indices, dict[int, Hashable]]:
    """Sums per (rater, item), the rater of each row, and the raters' labels."""
    mine, theirs = _matched(first, second)
    x, y = first.values[mine], second.values[theirs]
    n_items = max(first.n_items, 1)
    keys, key = np.unique(first.rater[mine] * n_items + first.item[mine], return_inverse=True)
    columns = (np.ones_like(x), x, y, x * x, y * y, x * y)
    sums = [np.bincount(key, weights=column, minlength=len(keys)) for column in columns]
    rows = np.column_stack(sums).astype(np.float64)
    return rows, keys // n_items, dict(enumerate(first.rater_labels))


def _matched(first: RatingTable, second: RatingTable) -> tuple[Indices, Indices]:
    """Rows of both tables that hold one rater's ratings of one unit."""
    units = {label: place for place, label in enumerate(first.unit_labels)}
    raters = {label: place for place, label in enumerate(first.rater_labels)}
    unit = np.array([units.get(label, -1) for label in second.unit_labels], dtype=np.int64)
    rater = np.array([raters.get(label, -1) for label in second.rater_labels], dtype=np.int64)
    n_raters = max(first.n_raters, 1)
    known = (unit[second.unit] >= 0) & (rater[second.rater] >= 0)
    keys = np.where(known, unit[second.unit] * n_raters + rater[second.rater], -1)
    _, mine, theirs = np.intersect1d(first.unit * n_raters + first.rater, keys, return_indices=True)
    return mine, theirs


def _correlation(sums: Sums) -> Sums:
    n, x, y, xx, yy, xy = (sums[..., place] for place in range(6))
    with np.errstate(invalid="ignore", divide="ignore"):
        own = (n * xx - x * x) * (n * yy - y * y)
        return (n * xy - x * y) / np.sqrt(np.where(np.real(own) > 0, own, np.nan))


def _figure(own: Floats, others: Floats) -> Figure:
    n_items = len(own)
    values = [float(np.real(_correlation(rows.sum(axis=0)))) for rows in (own, others)]
    if not np.isfinite(values).all():
        reason = Reason.NO_VARIATION if n_items else Reason.NO_OVERLAP
        return Figure(Estimate(None, reason), Interval.undefined(METHOD, reason), n_items)
    value = Estimate(values[0] - values[1])
    if n_items < FEWEST_ITEMS:
        return Figure(value, Interval.undefined(METHOD, Reason.FEW_ITEMS), n_items)
    error = math.sqrt(_variance(own) + _variance(others))
    return Figure(value, t_interval(values[0] - values[1], error, n_items - 1, METHOD), n_items)


def _variance(rows: Floats) -> float:
    """Linearised variance of the correlation over (G, 6) rows."""
    terms = rows @ gradient(_correlation, rows.sum(axis=0))
    return float(len(rows) / (len(rows) - 1) * np.square(terms - terms.mean()).sum())
