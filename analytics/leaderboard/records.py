"""Leaderboards as flat records for CSV, JSON and tables; undefined figures are None."""

from analytics.estimates import Interval
from analytics.leaderboard.generators import GeneratorBoard, GeneratorRow

Cell = str | int | float | None
Record = dict[str, Cell]


def generator_records(board: GeneratorBoard, category: str = "all") -> list[Record]:
    """Return one record per generator, best first."""
    return [_generator(board, category, row) for row in board.rows]


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


def _ends(name: str, interval: Interval | None) -> Record:
    bounds = interval.bounds if interval else None
    low, high = bounds or (None, None)
    return {f"{name}_low": low, f"{name}_high": high}
