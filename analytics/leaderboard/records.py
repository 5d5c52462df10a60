"""Leaderboards as flat records for CSV, JSON and tables; undefined figures are None."""

from collections.abc import Iterator

from analytics.benchmark.rows import GroupRow
from analytics.estimates import Interval
from analytics.leaderboard.generators import GeneratorBoard, GeneratorRow
from analytics.leaderboard.judges import JudgeBoard, JudgeRow

Cell = str | int | float | None
Record = dict[str, Cell]


def generator_records(board: GeneratorBoard, category: str = "all") -> list[Record]:
    """Return one record per generator, best first."""
    return [_generator(board, category, row) for row in board.rows]


def judge_records(board: JudgeBoard) -> list[Record]:
    """Return one record per system, best first."""
    return [_judge(row) for row in board.rows]


def _generator(board: GeneratorBoard, category: str, row: GeneratorRow) -> Record:
    ability = row.ability
    record: Record = {
        "category": category,
        "items": board.items,
        "generator": row.generator,
        "candidates": row.candidates,
        "rank_best": row.rank_best,
        "rank_worst": row.rank_worst,
        "log_ability": ability.log_ability if ability else None,
        **_ends("log_ability", ability.interval if ability else None),
    }
    for name, mean in (("overall", row.overall), *row.means.items()):
        record |= {f"{name}_mean": mean.value, **_ends(f"{name}_mean", mean.interval)}
    return record


def _judge(row: JudgeRow) -> Record:
    report = row.report
    record: Record = {"system": row.name}
    for group in report.strict_rows:
        record |= dict(_group_cells(group))
    record |= {
        "pair_accuracy_strict": report.pairs.strict.value,
        "pair_accuracy_with_ties": report.pairs.three_class.value,
        "always_tie_floor": report.pairs.floors.always_tie.value,
        "epsilon_origin": report.pairs.origin.value,
        "tau_b": report.tau_b.value,
        **_ends("tau_b", report.tau_b.interval),
        "failed_pairs": report.pairs.failed,
        "behind_leader": row.gap.difference.difference if row.gap else 0.0,
        **_ends("behind_leader", row.gap.difference.interval if row.gap else None),
        "mcnemar_p": row.gap.mcnemar.p_value if row.gap else None,
    }
    return record


def _group_cells(group: GroupRow) -> Iterator[tuple[str, Cell]]:
    name = "pooled" if group.k is None else f"k{group.k}"
    yield f"{name}_groups", group.groups
    yield f"{name}_accuracy", group.accuracy.value
    yield from _ends(f"{name}_accuracy", group.clustered.interval or group.exact).items()
    yield f"{name}_floor_scores", float(group.floor_scores)
    yield f"{name}_floor_labels", float(group.floor_labels)


def _ends(name: str, interval: Interval | None) -> Record:
    bounds = interval.bounds if interval else None
    low, high = bounds or (None, None)
    return {f"{name}_low": low, f"{name}_high": high}
