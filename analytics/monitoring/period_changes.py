"""Change points between consecutive periods, from stored moments or from each period's ratings.

Each item's influence on α is summed in time order; under no change the standardised sum is a
Brownian bridge, whose largest deviation has Kolmogorov's distribution. A significant change splits
the series, and both parts are searched again. A change can only fall between two periods, where
alone the bridge is looked at, so the p values are on the safe side.
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import kolmogorov
from typing_extensions import override

from analytics.agreement.coefficients.catalogue import Coefficient, Statistic, fisher_scaled, point
from analytics.agreement.inference.gradients import direction, gradient
from analytics.agreement.sums.cluster_rows import Rows, total_of
from analytics.agreement.sums.layout import Floats
from analytics.agreement.sums.moments import Moments
from analytics.agreement.sums.parted_sums import AnySums
from analytics.agreement.sums.stacking import Stacked, stack
from analytics.scales import Scale
from analytics.tables import RatingTable
from analytics.validation import Indices

FEWEST_ITEMS = 10  # on either side of a change

Period = tuple[Hashable, Moments]


@dataclass(frozen=True)
class PeriodChange:
    """A change of agreement between two periods.

    Attributes:
        period: the first one after the change.
        before: α of the segment up to the change, None if undefined.
        after: α of the segment from it.
        p_value: of this split within its segment; an upper bound.
    """

    period: Hashable
    before: float | None
    after: float | None
    p_value: float


def period_changes(
    periods: Sequence[Period],
    coefficient: Coefficient = Coefficient.ALPHA_ORDINAL,
    *,
    level: float = 0.01,
) -> list[PeriodChange]:
    """Find the changes of a coefficient between periods, in time order.

    Args:
        periods: label and moments of each, in time order; no item in two of them.
        coefficient: which coefficient.
        level: significance of each split.
    """
    kept = [one for one in periods if one[1].overlapping.n]
    if not kept:
        return []
    series = _StoredSeries([moments for _, moments in kept])
    return _changes([label for label, _ in kept], series, coefficient, level)


def table_period_changes(
    periods: Sequence[tuple[Hashable, RatingTable]],
    coefficient: Coefficient = Coefficient.ALPHA_ORDINAL,
    *,
    level: float = 0.01,
) -> list[PeriodChange]:
    """Find changes as `period_changes` does, from the ratings; for scales of many levels."""
    if not periods:
        return []
    stacked = stack([table for _, table in periods])
    kept = [place for place, size in enumerate(stacked.sizes) if size]
    series = _RatedSeries(stacked, kept)
    return _changes([periods[place][0] for place in kept], series, coefficient, level)


class _Series(ABC):
    """Periods with overlap, in time order."""

    @property
    @abstractmethod
    def scale(self) -> Scale:
        """Levels of the sums."""

    @property
    @abstractmethod
    def items(self) -> list[int]:
        """Items with overlap in each period."""

    @abstractmethod
    def total(self, some: slice) -> AnySums:
        """Sums over the overlapping items of some periods."""

    @abstractmethod
    def terms(self, statistic: Statistic, some: slice) -> tuple[Floats, float]:
        """Each period's sum of its items' influence, and the squares of all these together."""


@dataclass(frozen=True, eq=False)
class _StoredSeries(_Series):
    moments: Sequence[Moments]

    @property
    @override
    def scale(self) -> Scale:
        return self.moments[0].scale

    @property
    @override
    def items(self) -> list[int]:
        return [one.overlapping.n for one in self.moments]

    @override
    def total(self, some: slice) -> AnySums:
        return np.asarray(np.sum([one.overlapping.first for one in self.moments[some]], axis=0))

    @override
    def terms(self, statistic: Statistic, some: slice) -> tuple[Floats, float]:
        moments = self.moments[some]
        firsts = np.stack([one.overlapping.first for one in moments])
        slope = gradient(statistic, firsts.sum(axis=0))
        squares = sum(float(slope @ one.overlapping.second @ slope) for one in moments)
        return firsts @ slope, squares


@dataclass(frozen=True, eq=False)
class _RatedSeries(_Series):
    stacked: Stacked
    kept: Sequence[int]

    @property
    @override
    def scale(self) -> Scale:
        return self.stacked.scale

    @property
    @override
    def items(self) -> list[int]:
        return [self.stacked.sizes[place] for place in self.kept]

    def _rows(self, some: slice) -> tuple[Rows, Indices]:
        chosen = np.isin(self.stacked.owner, self.kept[some])
        return self.stacked.rows[chosen], self.stacked.owner[chosen]

    @override
    def total(self, some: slice) -> AnySums:
        return total_of(self._rows(some)[0])

    @override
    def terms(self, statistic: Statistic, some: slice) -> tuple[Floats, float]:
        rows, owner = self._rows(some)
        terms = direction(statistic, total_of(rows), rows)
        places = np.searchsorted(self.kept[some], owner)
        summed = np.zeros(len(self.kept[some]))
        np.add.at(summed, places, terms)
        return summed, float(np.square(terms).sum())


def _changes(
    labels: Sequence[Hashable], series: _Series, coefficient: Coefficient, level: float
) -> list[PeriodChange]:
    found: list[tuple[int, PeriodChange]] = []
    segments = [(0, len(labels))]
    while segments:
        start, end = segments.pop()
        split = _split(series, slice(start, end), coefficient, level)
        if split is None:
            continue
        place = start + split[0]
        change = PeriodChange(
            period=labels[place],
            before=_value(series, slice(start, place), coefficient),
            after=_value(series, slice(place, end), coefficient),
            p_value=split[1],
        )
        found.append((place, change))
        segments += [(start, place), (place, end)]
    return [change for _, change in sorted(found, key=lambda one: one[0])]


def _split(
    series: _Series, some: slice, coefficient: Coefficient, level: float
) -> tuple[int, float] | None:
    """Place of the first period after the change, and the p value; None without a change."""
    items = np.array(series.items[some])
    ends = np.cumsum(items)[:-1]
    n_items = int(items.sum())
    allowed = np.flatnonzero((ends >= FEWEST_ITEMS) & (n_items - ends >= FEWEST_ITEMS))
    if not len(allowed):
        return None
    terms, squares = series.terms(fisher_scaled(coefficient, series.scale), some)
    mean = float(terms.sum()) / n_items
    variance = squares / n_items - mean**2
    if not np.isfinite(variance) or variance <= 0:
        return None
    bridge = (np.cumsum(terms)[:-1] - ends * mean) / np.sqrt(variance * n_items)
    inner = np.abs(bridge[allowed])
    place = int(inner.argmax())
    p_value = float(kolmogorov(inner[place]))
    return (int(allowed[place]) + 1, p_value) if p_value < level else None


def _value(series: _Series, some: slice, coefficient: Coefficient) -> float | None:
    return point(coefficient, series.total(some), series.scale).value
