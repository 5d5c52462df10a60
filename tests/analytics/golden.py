"""Reads tests/data/golden: small published problems with the values that their sources print."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.scales import Scale
from analytics.tables import RatingTable

FOLDER = Path(__file__).resolve().parent.parent / "data" / "golden"


@dataclass(frozen=True)
class Golden:
    """One golden file: its table, its expected values and their tolerance."""

    table: RatingTable
    expected: dict[str, Any]
    tolerance: float


def read_problem(name: str) -> dict[str, Any]:
    """A golden file as it stands: `source`, `rows`, `expected`, `tolerance` and more."""
    problem: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return problem


def read_golden(name: str, levels: list[float] | None = None) -> Golden:
    """A golden file as a table; `levels` in place of the file's own.

    `shape` says what a row of the file is: a rater's ratings, a unit's ratings, a unit's counts
    of each level, or a line of the contingency table of two raters. null is no rating.
    """
    problem = read_problem(name)
    scale = Scale.of(levels or problem["levels"])
    build = {
        "raters": RatingTable.from_rater_rows,
        "units": RatingTable.from_unit_rows,
        "counts": RatingTable.from_counts,
        "contingency": lambda rows, scale: RatingTable.from_rater_rows(_vectors(rows), scale),
    }[problem["shape"]]
    return Golden(build(problem["rows"], scale), problem["expected"], problem["tolerance"])


def _vectors(contingency: list[list[int]]) -> list[list[int]]:
    """Two raters' ratings that a contingency table counts."""
    cells = [
        (a, b) for a, row in enumerate(contingency) for b, n in enumerate(row) for _ in range(n)
    ]
    return [[a for a, _ in cells], [b for _, b in cells]]
