"""Rows of Parquet, a few at a time; what cannot be read is counted."""

import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.types import is_nested

from analytics.tabular.columns import ColumnNames, refuse_repeated
from analytics.tabular.rows import ReadOptions, Rows, Table, TableError, TableRow, unreadable

BUFFER = 1 << 20  # bytes
FAILURES = (pa.ArrowException, OSError, ValueError, OverflowError)


def open_parquet(file: BinaryIO, name: str, options: ReadOptions) -> Table:
    """Open a Parquet file; a stream that cannot be searched is copied to a temporary file.

    Raises:
        TableError: it is not Parquet, or has two columns of one name.
    """
    stack = ExitStack()
    try:
        table = pq.ParquetFile(_seekable(file, stack), buffer_size=BUFFER)
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
    except TableError:
        stack.close()
        raise
    rows = _rows(table, name, columns, stack, options.batch_rows)
    return Table(name, rows, dict.fromkeys(columns.values()))


def _seekable(file: BinaryIO, stack: ExitStack) -> BinaryIO:
    if isinstance(file, io.BufferedReader | io.BytesIO):
        return file
    copy = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    shutil.copyfileobj(file, copy)
    copy.seek(0)
    return copy


def _rows(
    table: pq.ParquetFile, name: str, columns: dict[str, str], stack: ExitStack, batch_rows: int
) -> Rows:
    number, total = 0, table.metadata.num_rows
    with stack:
        try:
            for batch in table.iter_batches(batch_size=batch_rows, columns=list(columns)):
                for values in _renamed(batch, columns):
                    number += 1
                    yield TableRow(name, number, values)
        except FAILURES as error:
            lost = total - number
            reason = (
                f"From here on the file cannot be read as Parquet: {error}. Rows lost: {lost:,}."
            )
            yield unreadable(name, number + 1, reason, "Write the file again.", last_line=total)


def _renamed(batch: pa.RecordBatch, columns: dict[str, str]) -> Iterator[dict[str, object]]:
    for values in batch.to_pylist():
        yield {columns[column]: value for column, value in values.items()}


def count_parquet(file: BinaryIO) -> int:
    """How many rows a Parquet file says it has; 0 where it cannot be read."""
    with ExitStack() as stack:
        try:
            return int(pq.read_metadata(_seekable(file, stack)).num_rows)
        except FAILURES:
            return 0
