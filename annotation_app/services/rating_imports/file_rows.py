"""Rows of tables in CSV, JSON lines or Parquet, one at a time; only the ratings import calls it."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _
from pyarrow.types import is_nested

from annotation_app.exceptions import InvalidInputError
from annotation_app.services.exports.tables import FORMULA_SIGNS
from annotation_app.services.importing.problems import ProblemCode, RowProblem

SUFFIXES = (".csv", ".jsonl", ".parquet")
ROWS_AT_ONCE = 10_000

Row = Mapping[str, Any]
Numbered = tuple[int, Row | RowProblem]
Needed = Mapping[str, Sequence[str]]


def file_rows(path: Path, name: str, needed: Needed) -> Iterator[Numbered]:
    """Yield each row with its number, or what is wrong with it, in the file's order.

    Args:
        path: of a .csv, .jsonl or .parquet file.
        name: what errors call the file.
        needed: each field without which nothing can be read, and the columns that may hold it.

    Raises:
        InvalidInputError: if it is of another kind, cannot be read at all, or lacks a needed
            column (of a table; objects of JSON lines are looked at one by one).
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InvalidInputError(_("Ratings come as .csv, .jsonl or .parquet. Choose such a file."))
    if suffix == ".parquet":
        yield from _parquet_rows(path, name, needed)
        return
    with path.open("rb") as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        yield from (_csv_rows(text, name, needed) if suffix == ".csv" else _json_rows(text, name))


def _check_columns(columns: Sequence[str], name: str, needed: Needed) -> None:
    for field, names in needed.items():
        if not set(names).intersection(columns):
            raise InvalidInputError(
                _("%(file)s has no column “%(field)s”.") % {"file": name, "field": field}
            )


def _parquet_rows(path: Path, name: str, needed: Needed) -> Iterator[Numbered]:
    """Rows of a table in batches; only plain columns are read, never images."""
    try:
        with pq.ParquetFile(path) as table:
            columns = [field.name for field in table.schema_arrow if not is_nested(field.type)]
            _check_columns(columns, name, needed)
            number = 0
            for batch in table.iter_batches(batch_size=ROWS_AT_ONCE, columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (pa.ArrowException, OSError) as error:
        said = _("%(file)s cannot be read as Parquet: %(why)s.") % {"file": name, "why": error}
        raise InvalidInputError(said) from error


def _csv_rows(text: io.TextIOWrapper, name: str, needed: Needed) -> Iterator[Numbered]:
    reader = csv.DictReader(text, strict=True)
    _check_columns(reader.fieldnames or (), name, needed)
    while True:
        try:
            row: dict[Any, Any] | None = next(reader, None)
        except csv.Error as error:
            yield reader.line_num, _broken(name, reader.line_num, f"It is no CSV: {error}.")
            continue
        if row is None:
            return
        if None in row or None in row.values():
            reason = "It has more or fewer cells than the header."
            yield reader.line_num, _broken(name, reader.line_num, reason)
        else:
            yield reader.line_num, {key: _unescaped(value) for key, value in row.items()}


def _json_rows(text: io.TextIOWrapper, name: str) -> Iterator[Numbered]:
    for number, line in enumerate(text, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield number, _broken(name, number, f"It is no JSON: {error}.")
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            yield number, _broken(name, number, "It is no JSON object.")


def _unescaped(cell: str) -> str:
    """A cell without the quote that keeps spreadsheets from running it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_SIGNS) else cell


def _broken(name: str, line: int, reason: str) -> RowProblem:
    remedy = "Write the line again."
    return RowProblem(name, line, "", "", ProblemCode.UNREADABLE, reason, remedy)
