"""Reads a CSV or TSV file of ratings, one row per rating; columns by name.

Needs `unit` (or `candidate`), `rater` (or `annotator`), and either `dimension` with `score` (or
`value`), or one column per dimension named in `dimensions`. `item` is the cluster; without it
every unit is its own.
"""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analytics.foreign.strata import POOLED, ForeignFileError, StratifiedRatings
from analytics.scales import Scale
from analytics.tables import RatingTable

UNIT_FIELDS = ("unit", "candidate", "candidate_id", "unit_id")
RATER_FIELDS = ("rater", "annotator", "rater_id", "annotator_id")
ITEM_FIELDS = ("item", "item_id")
SCORE_FIELDS = ("score", "value", "level")
DIMENSION_FIELD = "dimension"
MISSING = frozenset({"", "na", "n/a", "nan", "none", "null"})
MOST_LEVELS = 100

Row = Mapping[str, str]


@dataclass(frozen=True)
class CsvOptions:
    """How to read a ratings file.

    Attributes:
        by: column whose values are the strata, besides all ratings pooled.
        levels: declared levels; without them those that occur, or the whole numbers between.
        dimensions: score columns of a wide file; without them `dimension` and `score` are read.
    """

    by: str | None = None
    levels: tuple[float, ...] | None = None
    dimensions: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class _Columns:
    """Names that the file gives to the fields."""

    unit: str
    rater: str
    item: str


def read_ratings_csv(file: Path, options: CsvOptions | None = None) -> StratifiedRatings:
    """Read a ratings file into tables by stratum and dimension.

    Raises:
        ForeignFileError: a missing column, a score that is no number, or one rater twice on one
            unit; the message names row and field.
    """
    chosen = options or CsvOptions()
    rows, fields = _read(file)
    columns = _Columns(
        unit=_need(file, fields, UNIT_FIELDS),
        rater=_need(file, fields, RATER_FIELDS),
        item=next((name for name in ITEM_FIELDS if name in fields), ""),
    )
    if chosen.by is not None:
        _need(file, fields, (chosen.by,))
    scores = _scores(file, rows, fields, chosen.dimensions)
    tables = {
        name: _tables_by_stratum(file, rows, values, columns, chosen)
        for name, values in scores.items()
    }
    names = list(dict.fromkeys(stratum for found in tables.values() for stratum in found))
    strata = {
        stratum: {name: found[stratum] for name, found in tables.items() if stratum in found}
        for stratum in names
    }
    return StratifiedRatings(strata=strata, source=file.name)


def _read(file: Path) -> tuple[list[Row], Sequence[str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        delimiter = "\t" if file.suffix.lower() == ".tsv" else ","
        reader = csv.DictReader(stream, delimiter=delimiter, restval="")
        # Values beyond the heading come under no name.
        rows: list[Row] = [{str(k): str(v) for k, v in row.items() if k} for row in reader]
        return rows, reader.fieldnames or ()


def _need(file: Path, fields: Sequence[str], names: Sequence[str]) -> str:
    found = next((name for name in names if name in fields), None)
    if found is None:
        wanted = " or ".join(repr(name) for name in names)
        raise ForeignFileError(f"{file.name}: no column {wanted}; it has {', '.join(fields)}")
    return found


def _scores(
    file: Path, rows: Sequence[Row], fields: Sequence[str], dimensions: Sequence[str]
) -> dict[str, list[tuple[int, float | None]]]:
    """(row index, score) pairs by dimension."""
    found: dict[str, list[tuple[int, float | None]]] = {}
    if dimensions:
        for name in dimensions:
            _need(file, fields, (name,))
            found[name] = [(i, _number(file, i, name, row[name])) for i, row in enumerate(rows)]
        return found
    _need(file, fields, (DIMENSION_FIELD,))
    score = _need(file, fields, SCORE_FIELDS)
    for index, row in enumerate(rows):
        value = _number(file, index, score, row[score])
        found.setdefault(row[DIMENSION_FIELD], []).append((index, value))
    return found


def _number(file: Path, index: int, name: str, text: str) -> float | None:
    if text.strip().lower() in MISSING:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        # The heading is row 1 of the file.
        raise ForeignFileError(
            f"{file.name}, row {index + 2}, column {name!r}: {text!r} is no score"
        )
    return value


def _tables_by_stratum(
    file: Path,
    rows: Sequence[Row],
    scores: Sequence[tuple[int, float | None]],
    columns: _Columns,
    options: CsvOptions,
) -> dict[str, RatingTable]:
    scale = _scale(file, options.levels, [value for _, value in scores if value is not None])
    groups: dict[str, list[tuple[int, float | None]]] = {POOLED: list(scores)}
    if options.by is not None:
        for index, value in scores:
            groups.setdefault(rows[index][options.by], []).append((index, value))
    return {
        stratum: _table(file, [(rows[index], value) for index, value in group], columns, scale)
        for stratum, group in groups.items()
    }


def _table(
    file: Path, ratings: Sequence[tuple[Row, float | None]], columns: _Columns, scale: Scale
) -> RatingTable:
    # Candidates of different items may share a name: a unit is its item and its own name.
    units = [(row.get(columns.item, ""), row[columns.unit]) for row, _ in ratings]
    items = [unit[0] if columns.item else unit for unit in units]
    try:
        return RatingTable.from_long(
            units=units,
            raters=[row[columns.rater] for row, _ in ratings],
            values=[value for _, value in ratings],
            items=items,
            scale=scale,
        )
    except ValueError as error:
        raise ForeignFileError(f"{file.name}: {error}") from error


def _scale(file: Path, levels: Sequence[float] | None, values: Sequence[float]) -> Scale:
    """Declared levels; else the whole numbers in range, unused ones too; else those seen."""
    try:
        return Scale.of(levels if levels is not None else _levels_seen(values))
    except ValueError as error:
        raise ForeignFileError(f"{file.name}: {error}") from error


def _levels_seen(values: Sequence[float]) -> list[float]:
    found = sorted(set(values))
    if len(found) > MOST_LEVELS:
        raise ValueError(f"{len(found)} different scores: declare the levels")
    if not found:
        return [0.0, 1.0]
    if all(value.is_integer() for value in found):
        low, high = int(found[0]), int(max(found[-1], found[0] + 1))
        return [float(level) for level in range(low, high + 1)]
    return found if len(found) > 1 else [found[0], found[0] + 1]
