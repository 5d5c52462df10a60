"""Reads the golden files of trial data as tables, whatever their layout."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analytics.scales import Scale
from analytics.tables import RatingTable


@dataclass(frozen=True)
class Golden:
    """One golden file: its table, its expected values and their tolerance."""

    table: RatingTable
    expected: dict[str, Any]
    tolerance: float


def read_golden(folder: Path, name: str, levels: list[float] | None = None) -> Golden:
    problem = json.loads((folder / "golden" / f"{name}.json").read_text())
    rows = problem["data"]
    width = len(rows[0])
    domain = levels or problem.get("value_domain") or list(range(_n_levels(problem, width)))
    scale = Scale.of(domain)
    build = {
        "raters_x_units": RatingTable.from_rater_rows,
        "units_x_raters": RatingTable.from_unit_rows,
        "units_x_categories_counts": RatingTable.from_counts,
        "two_rater_vectors": RatingTable.from_rater_rows,
        "two_rater_contingency_table": lambda data, scale: RatingTable.from_rater_rows(
            _vectors(data), scale
        ),
    }[problem["layout"]]
    return Golden(build(rows, scale), problem["expected"], problem["tolerance"])


def _n_levels(problem: dict[str, Any], width: int) -> int:
    if problem["layout"] == "two_rater_vectors":
        highest: int = max(map(max, problem["data"]))
        return highest + 1
    return width


def _vectors(contingency: list[list[int]]) -> list[list[int]]:
    """Two raters' ratings that a contingency table counts."""
    cells = [
        (a, b) for a, row in enumerate(contingency) for b, n in enumerate(row) for _ in range(n)
    ]
    vectors: list[list[int]] = np.asarray(cells).T.tolist()
    return vectors
