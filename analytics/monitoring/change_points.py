"""Change points of α over time: where the items' contributions start to differ.

Each item's influence on α is summed in time order; under no change the standardised sum is a
Brownian bridge, whose largest deviation has Kolmogorov's distribution. A significant change splits
the series, and both parts are searched again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import kolmogorov

from analytics.agreement.coefficients import Coefficient, fisher_scaled, point
from analytics.agreement.gradients import direction
from analytics.agreement.layout import Floats
from analytics.agreement.present import on_present_levels
from analytics.agreement.rows import Rows, item_rows, pairable, total_of
from analytics.scales import Scale
from analytics.tables import RatingTable

FEWEST_ITEMS = 10


@dataclass(frozen=True)
class ChangePoint:
    """A change of agreement.

    Attributes:
        time: of the first item after the change.
        before: α of the segment up to the change, None where undefined.
        after: α of the segment from it.
        p_value: of this split within its segment.
    """

    time: float
    before: float | None
    after: float | None
    p_value: float


def change_points(
    table: RatingTable,
    item_time: Sequence[float] | Floats,
    coefficient: Coefficient = Coefficient.ALPHA_ORDINAL,
    *,
    level: float = 0.01,
) -> list[ChangePoint]:
    """Find the changes of a coefficient, in time order.

    Args:
        table: one dimension's ratings.
        item_time: (G,) when each item of the table was rated.
        coefficient: which coefficient.
        level: significance of each split.
    """
    few = on_present_levels(table)
    rows, times = _in_time_order(few, np.asarray(item_time, dtype=np.float64))
    found: list[ChangePoint] = []
    segments = [(0, len(rows))]
    while segments:
        start, end = segments.pop()
        split = _split(rows[start:end], coefficient, few.scale, level)
        if split is None:
            continue
        place, p_value = start + split[0], split[1]
        before, after = total_of(rows[start:place]), total_of(rows[place:end])
        found.append(
            ChangePoint(
                time=float(times[place]),
                before=point(coefficient, before, few.scale).value,
                after=point(coefficient, after, few.scale).value,
                p_value=p_value,
            )
        )
        segments += [(start, place), (place, end)]
    return sorted(found, key=lambda change: change.time)


def _in_time_order(table: RatingTable, item_time: Floats) -> tuple[Rows, Floats]:
    """(G', K) sums and (G',) times of the items with overlap."""
    rows = item_rows(table)
    kept = np.flatnonzero(pairable(rows) > 0)
    order = kept[np.argsort(item_time[kept], kind="stable")]
    return rows[order], item_time[order]


def _split(
    rows: Rows, coefficient: Coefficient, scale: Scale, level: float
) -> tuple[int, float] | None:
    """Place of the first row after the change, and the p value; None without a change."""
    if len(rows) < 2 * FEWEST_ITEMS:
        return None
    terms = direction(fisher_scaled(coefficient, scale), total_of(rows), rows)
    spread = float(np.std(terms))
    if not np.isfinite(spread) or spread == 0:
        return None
    bridge = np.cumsum(terms - terms.mean()) / (spread * np.sqrt(len(rows)))
    inner = np.abs(bridge[FEWEST_ITEMS - 1 : len(rows) - FEWEST_ITEMS])
    place = int(inner.argmax())
    p_value = float(kolmogorov(inner[place]))
    return (place + FEWEST_ITEMS, p_value) if p_value < level else None
