"""How well reward models and judges score on one benchmark, all on the same groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.benchmark.report import BenchmarkReport, item_numbers, score_benchmark
from analytics.benchmark.scoring import ScoredGroup, hits
from analytics.ranking.comparison import (
    McNemar,
    PairedDifference,
    holm,
    mcnemar,
    paired_difference,
)
from analytics.ranking.labelled import LabelledPairs


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a system lies behind the leader on strict groups (leader minus this one)."""

    difference: PairedDifference
    mcnemar: McNemar


@dataclass(frozen=True, slots=True)
class JudgeRow:
    """One system's score sheet; the gap is None for the leader."""

    name: str
    report: BenchmarkReport
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class JudgeBoard:
    """Systems on one benchmark, best all-or-nothing accuracy on strict groups first."""

    groups: int
    strict_groups: int
    rows: tuple[JudgeRow, ...]


def judge_board(
    systems: Mapping[str, Sequence[ScoredGroup]],
    calibration: Mapping[str, LabelledPairs],
    seed: int,
) -> JudgeBoard:
    """Return the leaderboard of systems that predicted the same groups.

    Args:
        systems: name to its predictions on every group (NaN where it failed).
        calibration: name to pairs outside the benchmark for choosing ε.
        seed: of folds and bootstrap; every system gets the same ones.

    Raises:
        ValueError: if there is no system, or the groups of two systems differ.
        KeyError: if a system has no entry in ``calibration``.
    """
    ordered = {name: sorted(systems[name], key=lambda g: g.group_id) for name in sorted(systems)}
    _same_groups(ordered)
    reports = {
        name: score_benchmark(groups, calibration[name], np.random.default_rng(seed))
        for name, groups in ordered.items()
    }
    strict = {name: [g for g in groups if g.order.is_strict] for name, groups in ordered.items()}
    right = {name: hits(groups) for name, groups in strict.items()}
    first = strict[next(iter(strict))]
    items = item_numbers(first) if first else np.zeros(0, dtype=np.int64)
    rows = [JudgeRow(name, reports[name], gap) for name, gap in rank_by_hits(right, items, seed)]
    return JudgeBoard(len(next(iter(ordered.values()))), len(first), tuple(rows))


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


def _same_groups(systems: Mapping[str, Sequence[ScoredGroup]]) -> None:
    contents = {tuple((g.group_id, g.order) for g in groups) for groups in systems.values()}
    if len(contents) != 1:
        raise ValueError("systems can be ranked only on the same groups, and there must be one")
