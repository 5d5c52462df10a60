"""Change points from stored moments of consecutive periods, without the ratings.

As `change_points`, but a change can only fall between two periods: the Brownian bridge of the
items' influence on α is looked at there alone, so the p values are on the safe side.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import kolmogorov

from analytics.agreement.coefficients import Coefficient, fisher_scaled, point
from analytics.agreement.gradients import gradient
from analytics.agreement.layout import Floats
from analytics.agreement.moments import Moments
from analytics.monitoring.change_points import FEWEST_ITEMS

Period = tuple[Hashable, Moments]


@dataclass(frozen=True)
class PeriodChange:
    """A change of agreement between two periods.

    Attributes:
        period: the first one after the change.
        before: α of the segment up to the change, None where undefined.
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
    overlapping = [one for one in periods if one[1].overlapping.n]
    found: list[tuple[int, PeriodChange]] = []
    segments = [(0, len(overlapping))]
    while segments:
        start, end = segments.pop()
        split = _split(overlapping[start:end], coefficient, level)
        if split is None:
            continue
        place = start + split[0]
        change = PeriodChange(
            period=overlapping[place][0],
            before=_value(overlapping[start:place], coefficient),
            after=_value(overlapping[place:end], coefficient),
            p_value=split[1],
        )
        found.append((place, change))
        segments += [(start, place), (place, end)]
    return [change for _, change in sorted(found, key=lambda one: one[0])]


def _split(
    periods: Sequence[Period], coefficient: Coefficient, level: float
) -> tuple[int, float] | None:
    """Place of the first period after the change, and the p value; None without a change."""
    items = np.array([moments.overlapping.n for _, moments in periods])
    ends = np.cumsum(items)[:-1]
    n_items = int(items.sum())
    allowed = np.flatnonzero((ends >= FEWEST_ITEMS) & (n_items - ends >= FEWEST_ITEMS))
    if not len(allowed):
        return None
    firsts = np.stack([moments.overlapping.first for _, moments in periods])
    scale = periods[0][1].scale
    slope = gradient(fisher_scaled(coefficient, scale), firsts.sum(axis=0))
    terms = firsts @ slope
    squares = sum(float(slope @ moments.overlapping.second @ slope) for _, moments in periods)
    mean = float(terms.sum()) / n_items
    variance = squares / n_items - mean**2
    if not np.isfinite(variance) or variance <= 0:
        return None
    bridge = (np.cumsum(terms)[:-1] - ends * mean) / np.sqrt(variance * n_items)
    inner = np.abs(bridge[allowed])
    place = int(inner.argmax())
    p_value = float(kolmogorov(inner[place]))
    return (int(allowed[place]) + 1, p_value) if p_value < level else None


def _value(periods: Sequence[Period], coefficient: Coefficient) -> float | None:
    total: Floats = np.sum([moments.overlapping.first for _, moments in periods], axis=0)
    return point(coefficient, total, periods[0][1].scale).value
