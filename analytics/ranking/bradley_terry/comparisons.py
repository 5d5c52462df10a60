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
    """N comparisons between the named players (sorted); all arrays have shape (N,).

    ``alone`` marks rows without a cluster: each of their comparisons is a separate cluster.
    """

    players: tuple[str, ...]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    outcome: NDArray[np.int64]
    weight: NDArray[np.float64]
    cluster: NDArray[np.int64]
    alone: NDArray[np.bool_]

    @property
    def has_ties(self) -> bool:
        return bool(np.any(self.outcome == 0))

    @property
    def clusters(self) -> int:
        """Return the number of independent clusters."""
        shared = np.unique(self.cluster[~self.alone]).size
        return int(shared + round(float(self.weight[self.alone].sum())))


def tabulate(comparisons: Sequence[Comparison]) -> ComparisonTable:
    """Return the comparisons as arrays.

    Raises:
        ValueError: if there is none, a player is compared with itself, an outcome is unknown or a
            weight is not positive.
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
    names = {name: n for n, name in enumerate(dict.fromkeys(r.cluster for r in comparisons))}
    alone = np.array([not row.cluster for row in comparisons], dtype=np.bool_)
    shared = np.array([names[row.cluster] for row in comparisons], dtype=np.int64)
    single = len(names) + np.arange(len(comparisons), dtype=np.int64)
    return ComparisonTable(
        players,
        np.array([number[row.first] for row in comparisons], dtype=np.int64),
        np.array([number[row.second] for row in comparisons], dtype=np.int64),
        np.array([row.outcome for row in comparisons], dtype=np.int64),
        np.array([row.weight for row in comparisons], dtype=np.float64),
        np.where(alone, single, shared),
        alone,
    )


def folded(table: ComparisonTable) -> ComparisonTable:
    """Return the table with equal comparisons added up; clusters are forgotten."""
    size = len(table.players)
    code = (table.first * size + table.second) * 3 + table.outcome + 1
    codes, place = np.unique(code, return_inverse=True)
    players, outcome = np.divmod(codes, 3)
    first, second = np.divmod(players, size)
    weight = np.bincount(place, weights=table.weight, minlength=codes.size)
    return ComparisonTable(
        table.players,
        first,
        second,
        outcome - 1,
        weight.astype(np.float64),
        np.arange(codes.size, dtype=np.int64),
        np.ones(codes.size, dtype=np.bool_),
    )
