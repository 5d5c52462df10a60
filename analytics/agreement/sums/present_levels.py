"""Tables on the levels that are present: costs follow these, not the declared levels.

A level that no rating has does not add to coincidences or margins, and moves no rank:
Krippendorff's mid-rank of a level counts the ratings below it. What depends on the declared levels
(range and neighbours in weights, their number in Gwet's and Brennan and Prediger's chance
agreement) a scale made by `Scale.among` still knows.
"""

from dataclasses import replace

import numpy as np

from analytics.tables import RatingTable

# Up to here matrices over pairs of pairs of levels are small, and fast.
MOST_DENSE = 12


def on_present_levels(table: RatingTable) -> RatingTable:
    """Return the same ratings on the levels that are present; short scales stay as they are.

    >>> from analytics.scales import Scale
    >>> table = RatingTable.from_unit_rows([[1, 90], [90, 3]], Scale.of(range(101)))
    >>> on_present_levels(table).scale.values
    (1.0, 3.0, 90.0)
    """
    scale = table.scale
    if len(scale) <= MOST_DENSE:
        return table
    present = np.unique(table.level)
    few = scale.among(present)
    places = np.searchsorted(few.ranks, scale.ranks[table.level])
    return replace(table, scale=few, level=places.astype(np.int64))


def is_dense(table: RatingTable) -> bool:
    """Whether a table on its present levels has few enough of them for dense sums."""
    return len(table.scale) <= MOST_DENSE
