"""How well reward models and judges score on one benchmark, all on the same groups."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.ranking.comparison import (
    McNemar,
    PairedDifference,
    holm,
    mcnemar,
    paired_difference,
)


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a system is behind the leader on strict groups (leader minus this one)."""

    difference: PairedDifference
    mcnemar: McNemar


def rank_by_hits(
    right: Mapping[str, NDArray[np.bool_]], items: NDArray[np.int64], seed: int
) -> list[tuple[str, Gap | None]]:
    """Return the systems' names, most hits first, each with its gap to the leader.

    Args:
        right: name to hits on the same strict groups, shape (G,); any kind of system.
        items: the item of each group, shape (G,).
        seed: of the bootstrap; every system gets the same draws.
    """
    names = sorted(right, key=lambda name: (-int(np.count_nonzero(right[name])), name))
    return [
        (name, None if name == names[0] else _gap(right[names[0]], right[name], items, seed))
        for name in names
    ]


def compare_with_others(
    name: str, right: Mapping[str, NDArray[np.bool_]], items: NDArray[np.int64], seed: int
) -> list[tuple[str, Gap, float]]:
    """Return each other system with the gap (this one minus it) and McNemar's p after Holm.

    Most hits first. Holm's step-down correction is over all the comparisons returned, so that the
    chance of any false claim among them is at most the level at which p is read.

    Args:
        name: the system that is compared.
        right: name to hits on the same strict groups, shape (G,); G may be 0.
        items: the item of each group, shape (G,).
        seed: of the bootstrap.
    """
    if not items.size:
        return []
    others = sorted(right.keys() - {name}, key=lambda one: (-int(right[one].sum()), one))
    gaps = [Gap(*_compared(right[name], right[one], items, seed)) for one in others]
    adjusted = holm([gap.mcnemar.p_value for gap in gaps])
    return list(zip(others, gaps, adjusted, strict=True))


def _gap(
    leader: NDArray[np.bool_], other: NDArray[np.bool_], items: NDArray[np.int64], seed: int
) -> Gap | None:
    if not items.size:
        return None
    return Gap(*_compared(leader, other, items, seed))


def _compared(
    first: NDArray[np.bool_], second: NDArray[np.bool_], items: NDArray[np.int64], seed: int
) -> tuple[PairedDifference, McNemar]:
    rng = np.random.default_rng(seed)
    return paired_difference(first, second, items, rng), mcnemar(first, second)
