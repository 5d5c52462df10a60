"""How well reward models and judges score on one benchmark, all on the same groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.benchmark.report import BenchmarkReport, item_numbers, score_benchmark
from analytics.benchmark.scoring import ScoredGroup, hits
from analytics.ranking.comparison import McNemar, PairedDifference, mcnemar, paired_difference
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
    names = sorted(reports, key=lambda name: (-_right(strict[name]), name))
    rows = [JudgeRow(name, reports[name], _gap(strict, names[0], name, seed)) for name in names]
    return JudgeBoard(len(ordered[names[0]]), len(strict[names[0]]), tuple(rows))


def _right(groups: Sequence[ScoredGroup]) -> int:
    return int(np.count_nonzero(hits(groups)))


def _gap(
    strict: Mapping[str, Sequence[ScoredGroup]], leader: str, name: str, seed: int
) -> Gap | None:
    if name == leader or not strict[name]:
        return None
    first, second = hits(strict[leader]), hits(strict[name])
    items = item_numbers(strict[name])
    difference = paired_difference(first, second, items, np.random.default_rng(seed))
    return Gap(difference, mcnemar(first, second))


def _same_groups(systems: Mapping[str, Sequence[ScoredGroup]]) -> None:
    contents = {tuple((g.group_id, g.order) for g in groups) for groups in systems.values()}
    if len(contents) != 1:
        raise ValueError("systems can be ranked only on the same groups, and there must be one")
