"""Differences of a coefficient between two tables: dimensions, groups, time ranges.

Items are matched by label. If both tables contain an item, it is deleted, or drawn, from both at
once; tables without a common item are compared as independent samples by the same formula.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.agreement.coefficients.catalogue import Coefficient, Statistic, point, statistic
from analytics.agreement.inference.bootstrap import (
    N_REPLICATES,
    drawn_times,
    percentile_interval,
    replicate_statistic,
    replicates_at_once,
    resampled,
    stratified_sums,
)
from analytics.agreement.inference.gradients import direction
from analytics.agreement.inference.jackknife import (
    terms_variance,
    values_variance,
    without,
)
from analytics.agreement.sums.cluster_rows import Rows, pairable, total_of
from analytics.agreement.sums.layout import Floats
from analytics.agreement.sums.matched_items import spread_items
from analytics.agreement.sums.parted_sums import AnySums
from analytics.agreement.sums.patterns import Integers
from analytics.agreement.sums.present_levels import on_present_levels
from analytics.estimates import Estimate, Interval, Reason
from analytics.limits import FEWEST_ITEMS
from analytics.t_intervals import t_interval
from analytics.tables import RatingTable

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
class _Half:
    """One table's (G, K) sums per item, and its statistic."""

    rows: Rows
    statistic: Statistic

    @cached_property
    def total(self) -> AnySums:
        return total_of(self.rows)

    def without_each(self) -> Floats:
        """(G,) values without each item."""
        return np.asarray(self.statistic(without(self.total, self.rows)), dtype=np.float64)

    def terms(self) -> Floats:
        """(G,) linear terms of the items."""
        return direction(self.statistic, self.total, self.rows)


@dataclass(frozen=True, eq=False)
class _Aligned:
    """Both tables' halves, one row for each item with overlap in either."""

    halves: tuple[_Half, _Half]
    estimate: Estimate
    overlaps: tuple[Floats, Floats]

    @property
    def n_items(self) -> tuple[int, int]:
        return int(self.overlaps[0].sum()), int(self.overlaps[1].sum())

    @property
    def strata(self) -> Integers:
        """(G,) which of the tables hold overlap in the item, as a number 1 … 3."""
        return (self.overlaps[0] + 2 * self.overlaps[1]).astype(np.int64)

    def variance(self) -> float:
        """From deleting items; linearised where one item decides a side alone."""
        first, second = self.halves
        values = first.without_each() - second.without_each()
        if np.isfinite(values).all():
            return values_variance(values)
        terms = first.terms() - second.terms()
        return terms_variance(terms, np.ones(len(terms)))

    def replicates(self, rng: np.random.Generator, n_replicates: int) -> Floats:
        """(B,) differences on the same drawn items."""
        first, second = self.halves
        if isinstance(first.rows, np.ndarray) and isinstance(second.rows, np.ndarray):
            size = first.rows.shape[1]
            both = np.hstack([first.rows, second.rows])
            sums = stratified_sums(both, self.strata, rng, n_replicates=n_replicates)
            parts = (sums[:, :size], sums[:, size:])
            found = [
                replicate_statistic(half.statistic, part)
                for half, part in zip(self.halves, parts, strict=True)
            ]
            return found[0] - found[1]
        at_once = replicates_at_once(first.rows, second.rows)
        draws = drawn_times(self.strata, rng, n_replicates=n_replicates, at_once=at_once)
        return np.concatenate([self._drawn(times) for times in draws])

    def _drawn(self, times: Floats) -> Floats:
        first, second = (
            replicate_statistic(half.statistic, resampled(half.rows, times)) for half in self.halves
        )
        return first - second

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
    error, df = math.sqrt(aligned.variance()), min(aligned.n_items) - 1
    return aligned.result(t_interval(aligned.estimate.value, error, df, JACKKNIFE))


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
    replicates = aligned.replicates(rng, n_replicates)
    return aligned.result(percentile_interval(replicates, method=BOOTSTRAP))


def _missing(aligned: _Aligned) -> Reason | None:
    if aligned.estimate.reason:
        return aligned.estimate.reason
    return Reason.FEW_ITEMS if min(aligned.n_items) < FEWEST_ITEMS else None


def _align(coefficient: Coefficient, first: RatingTable, second: RatingTable) -> _Aligned:
    tables = [on_present_levels(table) for table in (first, second)]
    halves = spread_items(*tables)
    overlaps = [(pairable(half) > 0).astype(np.float64) for half in halves]
    kept = overlaps[0] + overlaps[1] > 0
    points = [
        point(coefficient, total_of(half), table.scale)
        for half, table in zip(halves, tables, strict=True)
    ]
    one, other = (
        _Half(half[kept], statistic(coefficient, table.scale))
        for half, table in zip(halves, tables, strict=True)
    )
    return _Aligned(
        halves=(one, other),
        estimate=subtract(points[0], points[1]),
        overlaps=(overlaps[0][kept], overlaps[1][kept]),
    )


def subtract(first: Estimate, second: Estimate) -> Estimate:
    """Return first minus second, or the first reason why one is undefined."""
    if first.value is None or second.value is None:
        return Estimate(None, first.reason or second.reason)
    return Estimate(first.value - second.value)
