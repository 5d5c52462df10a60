"""Several tables of one scale as rows of items in common places; for slices and periods."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.agreement.sums.cluster_rows import Rows, item_rows, pairable, total_of
from analytics.agreement.sums.parted_sums import AnySums
from analytics.agreement.sums.present_levels import on_present_levels
from analytics.scales import Scale
from analytics.tables import RatingTable
from analytics.validation import Indices


@dataclass(frozen=True, eq=False)
class Stacked:
    """Items with overlap of all tables; an item of two tables appears twice.

    Attributes:
        scale: the levels present in any.
        rows: (G, K) sums of each item.
        owner: (G,) its table.
        sizes: items with overlap of each table.
        totals: sums over all items of each table, including those without overlap.
    """

    scale: Scale
    rows: Rows
    owner: Indices
    sizes: list[int]
    totals: list[AnySums]


def stack(tables: Sequence[RatingTable]) -> Stacked:
    """Put tables of one declared scale on top of each other.

    Raises:
        ValueError: no table, or tables of different scales.
    """
    wholes = {table.scale.whole.values for table in tables}
    if len(wholes) != 1:
        raise ValueError(f"{len(wholes)} different scales in {len(tables)} tables")
    owner = np.repeat(np.arange(len(tables)), [table.n_items for table in tables])
    one = on_present_levels(_one(tables))
    rows = item_rows(one)
    kept = pairable(rows) > 0
    return Stacked(
        scale=one.scale,
        rows=rows[kept],
        owner=owner[kept],
        sizes=np.bincount(owner[kept], minlength=len(tables)).tolist(),
        totals=[total_of(rows[owner == place]) for place in range(len(tables))],
    )


def _one(tables: Sequence[RatingTable]) -> RatingTable:
    units = np.cumsum([0, *(table.n_units for table in tables)])
    items = np.cumsum([0, *(table.n_items for table in tables)])
    n_raters = max(table.n_raters for table in tables)
    first = tables[0].scale.whole
    return RatingTable(
        unit=np.concatenate([t.unit + start for t, start in zip(tables, units, strict=False)]),
        rater=np.concatenate([table.rater for table in tables]),
        level=np.concatenate([table.scale.ranks[table.level] for table in tables]),
        unit_item=np.concatenate(
            [t.unit_item + start for t, start in zip(tables, items, strict=False)]
        ),
        scale=first,
        unit_labels=range(int(units[-1])),
        rater_labels=range(n_raters),
        item_labels=range(int(items[-1])),
    )
