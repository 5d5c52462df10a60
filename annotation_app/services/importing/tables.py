"""Rows of JSONL, CSV and Parquet, streamed; a broken row is reported and the next one read."""

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from annotation_app.exceptions import InvalidInputError
from annotation_app.services.importing.problems import ProblemCode, RowProblem
from annotation_app.services.importing.rows import FailedRow, Record

LONGEST_LINE = 4_000_000  # bytes of one JSON line
COUNTED = 1 << 20  # bytes at a time
BATCH = 16  # rows of Parquet; they may carry whole images
Rows = Iterator[Record | FailedRow]


def read_jsonl(file: BinaryIO, name: str) -> Rows:
    """One JSON object a line; empty lines are skipped."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            yield _broken(name, number, f"It is longer than {LONGEST_LINE:,} bytes.")
            _skip_line(file)
            continue
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            values = json.loads(text, parse_constant=_refuse_constant) if text else None
        except (ValueError, RecursionError) as error:
            yield _broken(name, number, f"It is no JSON: {error}.")
            continue
        if isinstance(values, dict):
            yield Record(file=name, line=number, values=values)
        elif text:
            yield _broken(name, number, "It is no JSON object.")


def _skip_line(file: BinaryIO) -> None:
    while (part := file.readline(LONGEST_LINE)) and not part.endswith(b"\n"):
        pass


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def read_csv(file: BinaryIO, name: str) -> Rows:
    """Comma-separated UTF-8 with a header; `line` is the line on which a row ends."""
    with io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        reader = csv.DictReader(text, strict=True)
        try:
            columns = reader.fieldnames
        except csv.Error as error:
            raise InvalidInputError(f"{name} has no readable header: {error}.") from error
        if not columns or "item_id" not in columns:
            raise InvalidInputError(f"{name} has no column item_id in its first line.")
        yield from _read_csv_rows(reader, name)


def _read_csv_rows(reader: "csv.DictReader[str]", name: str) -> Rows:
    while True:
        try:
            values: dict[Any, Any] | None = next(reader, None)
        except csv.Error as error:
            yield _broken(name, reader.line_num, f"It is no CSV: {error}.")
            continue
        if values is None:
            return
        if None in values or None in values.values():
            yield _broken(name, reader.line_num, "It has more or fewer cells than the header.")
        else:
            yield Record(file=name, line=reader.line_num, values=values)


def read_parquet(file: BinaryIO, name: str) -> Rows:
    """Rows of a Parquet file, a few at a time; `line` counts rows from 1."""
    number = 0
    with _on_disk(file) as seekable:
        try:
            table = pq.ParquetFile(seekable, buffer_size=COUNTED)
            for batch in table.iter_batches(batch_size=BATCH):
                for values in batch.to_pylist():
                    number += 1
                    yield Record(file=name, line=number, values=values)
        except (pa.ArrowException, OSError) as error:
            yield _broken(name, number + 1, f"The file cannot be read on as Parquet: {error}.")


def count_rows(file: BinaryIO, suffix: str) -> int:
    """About how many rows a table has: the measure of progress (line breaks count as rows)."""
    if suffix != ".parquet":
        return sum(part.count(b"\n") for part in iter(lambda: file.read(COUNTED), b""))
    with _on_disk(file) as seekable:
        try:
            return int(pq.read_metadata(seekable).num_rows)
        except (pa.ArrowException, OSError):
            return 0


@contextmanager
def _on_disk(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file itself, or a copy of an archive's member: Parquet is read from its end."""
    if isinstance(file, io.BufferedReader):
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        yield copy


def _broken(name: str, line: int, reason: str) -> FailedRow:
    code, remedy = ProblemCode.UNREADABLE, "Write the line again."
    return FailedRow(line, [RowProblem(name, line, "", "", code, reason, remedy)])


READERS: dict[str, Callable[[BinaryIO, str], Rows]] = {
    ".jsonl": read_jsonl,
    ".csv": read_csv,
    ".parquet": read_parquet,
}
