"""The share of equal pairs of ratings, where there is no sum to read it from."""

import numpy as np

from analytics.agreement.sums.layout import PAIR
from analytics.tables import RatingTable


def equal_share(table: RatingTable) -> float | None:
    """Return the share of equal ones among the pairs of ratings of a unit, each over m - 1.

    None without any pair.
    """
    numbers = np.bincount(table.unit, minlength=table.n_units)
    cells, times = np.unique(table.unit * len(table.scale) + table.level, return_counts=True)
    others = np.maximum(numbers[cells // len(table.scale)] - 1, 1)
    n_values = int(numbers[numbers >= PAIR].sum())
    return float((times * (times - 1) / others).sum()) / n_values if n_values else None
