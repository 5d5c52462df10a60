"""Checks of index columns; each names the field and the row that is wrong. For `tables`."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Indices: TypeAlias = NDArray[np.int64]


def check_lengths(**columns: Sequence[object] | Indices) -> None:
    """Raise ValueError unless all columns have one length."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"columns have different lengths: {lengths}")


def check_range(field: str, indices: Indices, size: int) -> None:
    """Raise ValueError unless all indices are in 0 … size - 1."""
    wrong = np.flatnonzero((indices < 0) | (indices >= size))
    if wrong.size:
        raise ValueError(
            f"{field}: row {wrong[0]} has index {indices[wrong[0]]}, allowed are 0 … {size - 1}"
        )


def check_unique(unit: Indices, rater: Indices, n_raters: int) -> None:
    """Raise ValueError where a rater rates a unit twice."""
    keys = unit * max(n_raters, 1) + rater
    order = np.argsort(keys, kind="stable")
    again = np.flatnonzero(np.diff(keys[order]) == 0)
    if again.size:
        first, second = order[again[0]], order[again[0] + 1]
        raise ValueError(f"rater: rows {first} and {second} are one rater on one unit twice")
