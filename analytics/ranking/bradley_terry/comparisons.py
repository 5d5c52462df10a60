"""Pair comparisons as validated arrays: the input of every Bradley–Terry fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Comparison(NamedTuple):
    """The first player against the second: 1 the first won, 0 a tie, −1 the second won.

    ``weight`` counts equal comparisons; ``cluster`` (item) says which ones hang together.
    """

    first: str
    second: str
    outcome: int
    weight: float = 1.0
    cluster: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonTable:
    """N comparisons between the named players (sorted); all arrays have shape (N,)."""

    players: tuple[str, ...]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    outcome: NDArray[np.int64]
    weight: NDArray[np.float64]
    cluster: NDArray[np.int64]

    @property
    def has_ties(self) -> bool:
        return bool(np.any(self.outcome == 0))


def tabulate(comparisons: Sequence[Comparison]) -> ComparisonTable:
    """Return the comparisons as arrays.

    Comparisons without a cluster count as clusters of their own.

    Raises:
        ValueError: if there is none, a player meets itself, an outcome is unknown or a weight is
            not positive.
    """
    if not comparisons:
        raise ValueError("no comparison to rank from")
    for row in comparisons:
        if row.first == row.second:
            raise ValueError(f"{row.first} is compared with itself")
        if row.outcome not in (-1, 0, 1) or not row.weight > 0:
            raise ValueError(f"outcome must be 1, 0 or -1 and weight positive: {row}")
    players = tuple(sorted({name for row in comparisons for name in (row.first, row.second)}))
    number = {name: index for index, name in enumerate(players)}
    clusters = [
        ("item", r.cluster) if r.cluster else ("row", str(n)) for n, r in enumerate(comparisons)
    ]
    known = {name: index for index, name in enumerate(dict.fromkeys(clusters))}
    return ComparisonTable(
        players,
        np.array([number[row.first] for row in comparisons], dtype=np.int64),
        np.array([number[row.second] for row in comparisons], dtype=np.int64),
        np.array([row.outcome for row in comparisons], dtype=np.int64),
        np.array([row.weight for row in comparisons], dtype=np.float64),
        np.array([known[name] for name in clusters], dtype=np.int64),
    )
