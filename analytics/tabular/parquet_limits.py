"""What a Parquet file would unpack to, asked of its metadata before a page of it is read.

A few kilobytes can spell gigabytes: a value kept once in a dictionary and named a million times,
levels that repeat, a page of one letter. Rows and pages are refused here; texts and bytes stay in
their dictionaries when they are read, `slices` says how many rows may become Python values at once,
and `Unpacked` when it has been too much in all for a file of its size.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyarrow.types import (
    is_binary,
    is_dictionary,
    is_fixed_size_binary,
    is_fixed_size_list,
    is_large_binary,
    is_large_list,
    is_large_string,
    is_list,
    is_map,
    is_string,
    is_struct,
)

from analytics.tabular.rows import ReadOptions, TableError

MOST_ROWS = 5_000_000  # unless the caller knows better
RATIO = 200  # bytes unpacked for each byte of the file: rows repeat, but not so often…
RATIO_FROM = 512 << 20  # …and of little there may be any number
LARGEST_GROUP = 4 << 30  # bytes of one row group, unpacked, dictionaries counted once
MOST_NESTED = 10_000_000  # values of a nested column in one row group: a single row may hold all
BATCH_BYTES = 64 << 20  # of values at once
SPELT_OUT = "DELTA_BYTE_ARRAY"  # an encoding that repeats what the value before it began with
BYTES = "BYTE_ARRAY"
PLACE = 8  # bytes of a value's place in a list


class Unpacked:
    """Counts what the values of a file take, as they are read."""

    def __init__(self, file_bytes: int) -> None:
        self.most = max(RATIO_FROM, RATIO * file_bytes)
        self._so_far = 0

    def take(self, size: int) -> bool:
        """Count so many bytes more; whether they may still be read."""
        self._so_far += size
        return self._so_far <= self.most


def check_sizes(
    table: pq.ParquetFile, names: Sequence[str], name: str, options: ReadOptions, most: int
) -> None:
    """See that the named columns may be read.

    Args:
        table: opened.
        names: of its columns.
        name: of the file.
        options: the caller's limits.
        most: bytes that all of it may unpack to.

    Raises:
        TableError: the file has more rows, larger row groups or more nested values than allowed,
            or unpacks to too much.
    """
    metadata = table.metadata
    most_rows = MOST_ROWS if options.most_rows is None else options.most_rows
    if metadata.num_rows > most_rows:
        raise TableError(
            f"{name} says that it has {metadata.num_rows:,} rows; {most_rows:,} are allowed."
            " Split it."
        )
    groups = range(metadata.num_row_groups)
    chunks = (chunk for group in groups for chunk in _chunks(metadata.row_group(group), names))
    total = sum(chunk.total_uncompressed_size for chunk in chunks)
    if total > most:
        raise TableError(f"{name} {too_much(most)}")
    _check_groups(metadata, names, name, options)


def too_much(most: int) -> str:
    """What is wrong with a file that unpacks to more than that, and the remedy."""
    return (
        f"unpacks to over {most:,} bytes, far more than a file of its size should hold. Leave out"
        " what repeats, or write it as CSV or JSONL."
    )


def _check_groups(
    metadata: pq.FileMetaData, names: Sequence[str], name: str, options: ReadOptions
) -> None:
    largest = LARGEST_GROUP if options.largest is None else min(LARGEST_GROUP, options.largest)
    for group in range(metadata.num_row_groups):
        chunks = _chunks(metadata.row_group(group), names)
        size = sum(chunk.total_uncompressed_size for chunk in chunks)
        if size > largest:
            raise TableError(
                f"{name} unpacks to {size:,} bytes in row group {group + 1}; {largest:,} are"
                " allowed. Write it with fewer rows in each row group."
            )
        for chunk in chunks:
            if "." in chunk.path_in_schema and chunk.num_values > MOST_NESTED:
                raise TableError(
                    f"{name} has {chunk.num_values:,} values of {chunk.path_in_schema} in row"
                    f" group {group + 1}; {MOST_NESTED:,} are allowed. Write it with fewer rows in"
                    " each row group."
                )


def kept_in_dictionaries(metadata: pq.FileMetaData) -> list[str]:
    """Paths of the columns that can stay in their dictionaries: texts and bytes of any length."""
    schema = metadata.schema
    columns = [schema.column(place) for place in range(len(schema))]
    return [column.path for column in columns if column.physical_type == BYTES]


def rows_at_once(table: pq.ParquetFile, names: Sequence[str], wanted: int) -> int:
    """How many rows may be read at once, at most `wanted`, at least one."""
    width = sum(_fixed_width(table.schema_arrow.field(name).type) for name in names)
    for group in range(table.metadata.num_row_groups):
        chunks = _chunks(table.metadata.row_group(group), names)
        spelt = sum(c.total_uncompressed_size for c in chunks if SPELT_OUT in c.encodings)
        wanted = min(wanted, BATCH_BYTES // max(spelt + width, 1))
    return max(wanted, 1)


def slices(batch: pa.RecordBatch) -> Iterator[tuple[pa.RecordBatch, int]]:
    """Parts of a batch with their bytes: about BATCH_BYTES, and at least one row per part."""
    sizes = np.zeros(batch.num_rows, dtype=np.int64)
    for column in batch.columns:
        sizes += _value_sizes(column)
    start, held = 0, 0
    for place, size in enumerate(sizes.tolist()):
        if held and held + size > BATCH_BYTES:
            yield batch.slice(start, place - start), held
            start, held = place, 0
        held += size
    if start < batch.num_rows:
        yield batch.slice(start), held


def _chunks(group: pq.RowGroupMetaData, names: Sequence[str]) -> list[pq.ColumnChunkMetaData]:
    wanted = set(names)
    columns = (group.column(place) for place in range(group.num_columns))
    return [one for one in columns if one.path_in_schema.split(".")[0] in wanted]


def _fixed_width(kind: pa.DataType) -> int:
    return int(kind.byte_width) if is_fixed_size_binary(kind) else 0


def _value_sizes(column: Any) -> NDArray[np.int64]:  # noqa: ANN401 - an array of any Arrow type
    """Bytes of each row's value where it is a text, bytes, or a struct or list of them; else 0."""
    kind = column.type
    if is_list(kind) or is_large_list(kind) or is_map(kind) or is_fixed_size_list(kind):
        return _list_sizes(column)
    if is_dictionary(kind):
        lengths = _value_sizes(column.dictionary)
        places = np.asarray(column.indices.fill_null(0), dtype=np.int64)
        return np.asarray(lengths[places] if len(lengths) else np.zeros(len(column), np.int64))
    if is_string(kind) or is_binary(kind) or is_large_string(kind) or is_large_binary(kind):
        return np.asarray(pc.binary_length(column).fill_null(0), dtype=np.int64)
    if is_fixed_size_binary(kind):
        return np.full(len(column), kind.byte_width, dtype=np.int64)
    sizes = np.zeros(len(column), dtype=np.int64)
    if is_struct(kind):
        for part in column.flatten():
            sizes += _value_sizes(part)
    return sizes


def _list_sizes(column: Any) -> NDArray[np.int64]:  # noqa: ANN401 - an array of lists or maps
    """Bytes of each row's list: a value may be kept once and named by millions of places."""
    if is_fixed_size_list(column.type):
        width = column.type.list_size
        offsets = (column.offset + np.arange(len(column) + 1)) * width
    else:
        offsets = np.asarray(column.offsets, dtype=np.int64)
    first, last = int(offsets[0]), int(offsets[-1])
    values = _value_sizes(column.values.slice(first, last - first)) + PLACE
    ends = np.concatenate([[0], np.cumsum(values)])
    places = offsets - first
    return np.asarray(ends[places[1:]] - ends[places[:-1]], dtype=np.int64)
