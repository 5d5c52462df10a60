"""Differences of a coefficient between two tables: dimensions, groups, time ranges.

Items are matched by label. Where both tables hold an item it is deleted, or drawn, from both at
once; tables without a common item are compared as independent samples by the same formula.
"""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from analytics.agreement.bootstrap import (
    N_REPLICATES,
    percentile_interval,
    replicate_statistic,
    stratified_sums,
)
from analytics.agreement.coefficients import Coefficient, Statistic, point, statistic
from analytics.agreement.jackknife import CONFIDENCE, delete_one_variance, linearised_variance
from analytics.agreement.layout import Floats, Layout, Sums
from analytics.agreement.patterns import Integers, cluster_sums, find_patterns
from analytics.estimates import Estimate, Interval, Reason
from analytics.tables import RatingTable

MIN_ITEMS = 5
JACKKNIFE = "delete-one-item jackknife of the difference, t"
BOOTSTRAP = "paired item-cluster bootstrap of the difference, percentiles"


@dataclass(frozen=True)
class Difference:
    """First minus second.

    Attributes:
        estimate: the difference, or why there is none.
        interval: for these annotators and new items.
        n_items: items with overlap in the first and in the second table.
        n_shared: items with overlap in both: zero for independent groups.
    """

    estimate: Estimate
    interval: Interval
    n_items: tuple[int, int]
    n_shared: int


@dataclass(frozen=True, eq=False)
class _Aligned:
    """(G, K1 + K2) sums per item of both tables side by side, and their statistic."""

    rows: Floats
    difference: Statistic
    estimate: Estimate
    overlaps: tuple[Floats, Floats]

    @property
    def n_items(self) -> tuple[int, int]:
        return int(self.overlaps[0].sum()), int(self.overlaps[1].sum())

    @property
    def strata(self) -> Integers:
        """(G,) which of the tables hold overlap in the item, as a number 1 … 3."""
        return (self.overlaps[0] + 2 * self.overlaps[1]).astype(np.int64)

    def result(self, interval: Interval) -> Difference:
        n_shared = int((self.overlaps[0] * self.overlaps[1]).sum())
        return Difference(self.estimate, interval, self.n_items, n_shared)


def jackknife_difference(
    coefficient: Coefficient, first: RatingTable, second: RatingTable
) -> Difference:
    """Compare two tables by deleting one item at a time; t with the smaller table's G - 1."""
    aligned = _align(coefficient, first, second)
    reason = _missing(aligned)
    if reason or aligned.estimate.value is None:
        return aligned.result(Interval.undefined(JACKKNIFE, reason or Reason.NO_OVERLAP))
    total, df = aligned.rows.sum(axis=0), min(aligned.n_items) - 1
    variance = delete_one_variance(aligned.difference, total, aligned.rows)
    if not np.isfinite(variance):
        second_moment = aligned.rows.T @ aligned.rows
        variance = linearised_variance(aligned.difference, total, second_moment, len(aligned.rows))
    error = float(np.sqrt(variance))
    reach = float(stdtrit(df, (1 + CONFIDENCE) / 2)) * error
    value = aligned.estimate.value
    return aligned.result(Interval(value - reach, value + reach, JACKKNIFE, error, df))


def bootstrap_difference(
    coefficient: Coefficient,
    first: RatingTable,
    second: RatingTable,
    rng: np.random.Generator,
    *,
    n_replicates: int = N_REPLICATES,
) -> Difference:
    """Compare two tables by drawing items, the same ones for both; for published tables."""
    aligned = _align(coefficient, first, second)
    reason = _missing(aligned)
    if reason:
        return aligned.result(Interval.undefined(BOOTSTRAP, reason))
    sums = stratified_sums(aligned.rows, aligned.strata, rng, n_replicates=n_replicates)
    replicates = replicate_statistic(aligned.difference, sums)
    return aligned.result(percentile_interval(replicates, method=BOOTSTRAP))


def _missing(aligned: _Aligned) -> Reason | None:
    if aligned.estimate.reason:
        return aligned.estimate.reason
    return Reason.FEW_ITEMS if min(aligned.n_items) < MIN_ITEMS else None


def _align(coefficient: Coefficient, first: RatingTable, second: RatingTable) -> _Aligned:
    halves = spread_items(first, second)
    overlaps = [(half[:, -1] > 0).astype(np.float64) for half in halves]
    kept = overlaps[0] + overlaps[1] > 0
    size = halves[0].shape[1]
    functions = [statistic(coefficient, table.scale) for table in (first, second)]

    def difference(sums: Sums) -> Sums:
        return functions[0](sums[..., :size]) - functions[1](sums[..., size:])

    points = [
        point(coefficient, half.sum(axis=0), table.scale)
        for half, table in zip(halves, (first, second), strict=True)
    ]
    return _Aligned(
        rows=np.hstack(halves)[kept],
        difference=difference,
        estimate=subtract(points[0], points[1]),
        overlaps=(overlaps[0][kept], overlaps[1][kept]),
    )


def spread_items(first: RatingTable, second: RatingTable) -> tuple[Floats, Floats]:
    """Return (G, K) item sums of both tables with one row per item label of either."""
    labels = {label: place for place, label in enumerate(first.item_labels)}
    for label in second.item_labels:
        labels.setdefault(label, len(labels))
    return _spread(first, labels), _spread(second, labels)


def _spread(table: RatingTable, places: dict[Hashable, int]) -> Floats:
    """(G, K) item sums of a table at the places of the labels."""
    rows = np.zeros((len(places), Layout(len(table.scale)).size))
    mine = [places[label] for label in table.item_labels]
    patterns = find_patterns(table)
    rows[mine] = cluster_sums(table.unit_item, table.n_items, patterns, Layout(len(table.scale)))
    return rows


def subtract(first: Estimate, second: Estimate) -> Estimate:
    """Return first minus second, or the first reason why one is undefined."""
    if first.value is None or second.value is None:
        return Estimate(None, first.reason or second.reason)
    return Estimate(first.value - second.value)
