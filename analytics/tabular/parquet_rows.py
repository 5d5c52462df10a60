"""Rows of Parquet, a few at a time; what cannot be read is counted."""

import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.types import is_nested

from analytics.tabular.columns import ColumnNames, refuse_repeated
from analytics.tabular.parquet_limits import (
    Unpacked,
    check_sizes,
    kept_in_dictionaries,
    rows_at_once,
    slices,
    too_much,
)
from analytics.tabular.rows import (
    ReadOptions,
    RowProblem,
    Rows,
    Table,
    TableError,
    TableRow,
    unreadable,
)

BUFFER = 1 << 20  # bytes
FAILURES = (pa.ArrowException, OSError, ValueError, OverflowError)


def open_parquet(file: BinaryIO, name: str, options: ReadOptions) -> Table:
    """Open a Parquet file; a stream that cannot be searched is copied to a temporary file.

    Raises:
        TableError: it is not Parquet, has two columns of one name, or unpacks to too much.
    """
    stack = ExitStack()
    try:
        source = _seekable(file, stack)
        metadata = pq.read_metadata(source)
        source.seek(0)
        table = pq.ParquetFile(
            source,
            buffer_size=BUFFER,
            metadata=metadata,
            read_dictionary=kept_in_dictionaries(metadata),
        )
        fields = [
            field
            for field in table.schema_arrow
            if not (options.plain_only and is_nested(field.type))
            and (not options.only or field.name.strip().casefold() in options.only)
        ]
    except FAILURES as error:
        stack.close()
        raise TableError(
            f"{name} cannot be read as Parquet: {error}. Write the file again."
        ) from error
    names = ColumnNames(options.known)
    columns = {field.name: names.name(field.name) for field in fields}
    try:
        refuse_repeated([names.name(field.name) for field in fields], name)
        unpacked = Unpacked(source.seek(0, io.SEEK_END))
        check_sizes(table, list(columns), name, options, unpacked.most)
    except TableError:
        stack.close()
        raise
    opened = _Opened(table, name, columns, unpacked)
    rows = _rows(opened, stack, options.batch_rows)
    return Table(name, rows, dict.fromkeys(columns.values()))


@dataclass(frozen=True, slots=True)
class _Opened:
    """A checked file: its reader, what its owner calls it, its columns and their names here."""

    table: pq.ParquetFile
    name: str
    columns: dict[str, str]
    unpacked: Unpacked


def _seekable(file: BinaryIO, stack: ExitStack) -> BinaryIO:
    if isinstance(file, io.BufferedReader | io.BytesIO):
        return file
    copy = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    shutil.copyfileobj(file, copy)
    copy.seek(0)
    return copy


def _rows(opened: _Opened, stack: ExitStack, batch_rows: int) -> Rows:
    table, name, columns = opened.table, opened.name, list(opened.columns)
    number, total = 0, table.metadata.num_rows
    batch_rows = rows_at_once(table, columns, batch_rows)
    with stack:
        try:
            for batch in table.iter_batches(batch_size=batch_rows, columns=columns):
                for part, size in slices(batch):
                    if not opened.unpacked.take(size):
                        yield _given_up(opened, number)
                        return
                    for values in _renamed(part, opened.columns):
                        number += 1
                        yield TableRow(name, number, values)
        except FAILURES as error:
            lost = total - number
            reason = (
                f"From here on the file cannot be read as Parquet: {error}. Rows lost: {lost:,}."
            )
            yield unreadable(name, number + 1, reason, "Write the file again.", last_line=total)


def _given_up(opened: _Opened, number: int) -> RowProblem:
    reason, remedy = too_much(opened.unpacked.most).split(". ", 1)
    lost = opened.table.metadata.num_rows - number
    reason = f"From here on the file {reason}. Rows lost: {lost:,}."
    last = opened.table.metadata.num_rows
    return unreadable(opened.name, number + 1, reason, remedy, last_line=last)


def _renamed(part: pa.RecordBatch, columns: dict[str, str]) -> Iterator[dict[str, object]]:
    for values in part.to_pylist():
        yield {columns[column]: value for column, value in values.items()}


def count_parquet(file: BinaryIO) -> int:
    """How many rows a Parquet file says it has; 0 where it cannot be read."""
    with ExitStack() as stack:
        try:
            return int(pq.read_metadata(_seekable(file, stack)).num_rows)
        except FAILURES:
            return 0
