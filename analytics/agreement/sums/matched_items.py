"""Item sums of two tables in common places: items are matched by label; for paired comparisons."""

from collections.abc import Hashable

import numpy as np

from analytics.agreement.sums.cluster_rows import Rows, item_rows, spread_over
from analytics.tables import RatingTable


def spread_items(first: RatingTable, second: RatingTable) -> tuple[Rows, Rows]:
    """Return (G, K) item sums of both tables with one row per item label of either.

    Both are on their present levels.
    """
    labels = {label: place for place, label in enumerate(first.item_labels)}
    for label in second.item_labels:
        labels.setdefault(label, len(labels))
    return _spread(first, labels), _spread(second, labels)


def _spread(table: RatingTable, places: dict[Hashable, int]) -> Rows:
    """(G, K) item sums of a table at the places of the labels."""
    mine = np.array([places[label] for label in table.item_labels], dtype=np.int64)
    return spread_over(item_rows(table), mine, len(places))
