"""Reads an ImagenHub folder of human ratings: one TSV per rater, one column per editing model.

A cell contains `[SC, PQ]`, semantic consistency and perceptual quality, each 0, 0.5 or 1; the
overall O is √(SC · PQ) per rating. Source: Ku et al. (2023), ImagenHub, section 4.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from analytics.foreign.levels import FoundScale, Origin
from analytics.foreign.strata import POOLED, ForeignFileError, StratifiedRatings
from analytics.scales import Scale
from analytics.tables import RatingTable
from analytics.tabular.columns import require_columns
from analytics.tabular.names import describe_near, normal_name
from analytics.tabular.reading import open_table_file
from analytics.tabular.rows import ReadOptions, RowProblem, TableError, TableRow

FILE_PATTERN = "*rater*.tsv"
ID_FIELD = "uid"
CELL = re.compile(r"\[\s*(\d+(?:\.\d*)?)\s*,\s*(\d+(?:\.\d*)?)\s*\]")
STEPS = (0.0, 0.5, 1.0)
SINGLE = Scale.of(STEPS)
OVERALL_SCALE = Scale.of(sorted({math.sqrt(sc * pq) for sc in STEPS for pq in STEPS}))
DIMENSIONS: Mapping[str, Scale] = {"SC": SINGLE, "PQ": SINGLE, "O": OVERALL_SCALE}


@dataclass(frozen=True)
class Rated:
    """One rating: (item, model) by a rater, on the three dimensions; None if not rated."""

    item: str
    model: str
    rater: str
    scores: Mapping[str, float | None]


def is_imagenhub(folder: Path) -> bool:
    """Whether a folder contains raters' TSV files."""
    return folder.is_dir() and any(folder.glob(FILE_PATTERN))


def read_imagenhub(folder: Path) -> StratifiedRatings:
    """Read all raters' files of a folder; strata are the models, and all models pooled.

    Raises:
        ForeignFileError: no file, no `uid` column; or rows with problems, every one named.
    """
    files = sorted(folder.glob(FILE_PATTERN))
    if not files:
        raise ForeignFileError(f"{folder}: no file name matches {FILE_PATTERN}")
    problems: list[RowProblem] = []
    rated = [rating for file in files for rating in _read_rater(file, problems)]
    if problems:
        raise ForeignFileError.of_rows(folder.name, problems)
    models = list(dict.fromkeys(rating.model for rating in rated))
    strata = {
        model: _tables([rating for rating in rated if rating.model == model]) for model in models
    }
    return StratifiedRatings(
        strata={**strata, POOLED: _tables(rated)},
        source=folder.name,
        scales={name: FoundScale(scale, Origin.FORMAT) for name, scale in DIMENSIONS.items()},
        notes=(
            *describe_near("items", {rating.item for rating in rated}),
            *describe_near("models", models),
        ),
    )


def _tables(rated: list[Rated]) -> dict[str, RatingTable]:
    """One table per dimension; models of an item are its units."""
    return {
        name: RatingTable.from_long(
            units=[(rating.item, rating.model) for rating in rated],
            raters=[rating.rater for rating in rated],
            values=[rating.scores[name] for rating in rated],
            items=[rating.item for rating in rated],
            scale=scale,
        )
        for name, scale in DIMENSIONS.items()
    }


def _read_rater(file: Path, problems: list[RowProblem]) -> Iterator[Rated]:
    """The ratings of one rater's file; bad rows and cells go to `problems`."""
    lines: dict[str, int] = {}
    try:
        with open_table_file(file, options=ReadOptions(delimiter="\t", known=(ID_FIELD,))) as table:
            require_columns(table, {ID_FIELD: (ID_FIELD,)})
            for row in table.rows:
                if isinstance(row, RowProblem):
                    problems.append(row)
                else:
                    yield from _rated(row, file.stem, lines, problems)
    except TableError as error:
        raise ForeignFileError(str(error)) from error
    if not lines:
        raise ForeignFileError(f"{file.name} has a header row but no other rows.")


def _rated(
    row: TableRow, rater: str, lines: dict[str, int], problems: list[RowProblem]
) -> Iterator[Rated]:
    item = normal_name(str(row.values[ID_FIELD]))
    before = lines.setdefault(item, row.line)
    if not item or before != row.line:
        reason = f"“{item}” is already in line {before}." if item else "It is empty."
        problems.append(row.problem(ID_FIELD, reason, "Give every item one row with its id."))
        return
    for model, cell in row.values.items():
        if model == ID_FIELD:
            continue
        try:
            yield Rated(item, model, rater, _scores(str(cell or "")))
        except ValueError as error:
            remedy = "Write [SC, PQ], each 0, 0.5 or 1, or leave the cell empty."
            problems.append(row.problem(model, str(error), remedy))


def _scores(cell: str) -> dict[str, float | None]:
    """Scores of a cell, written with or without a space after the comma; empty is missing.

    Raises:
        ValueError: it is something else.
    """
    if not cell.strip():
        return dict.fromkeys(DIMENSIONS)
    match = CELL.fullmatch(cell.strip())
    if not match:
        raise ValueError(f"“{cell[:40]}” is not a pair [SC, PQ].")
    sc, pq = float(match[1]), float(match[2])
    if sc not in STEPS or pq not in STEPS:
        raise ValueError(f"“{cell[:40]}” has a level other than 0, 0.5 and 1.")
    return {"SC": sc, "PQ": pq, "O": math.sqrt(sc * pq)}
