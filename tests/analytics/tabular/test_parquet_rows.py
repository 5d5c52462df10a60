"""Rows of Parquet."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typing_extensions import override

from analytics.tabular.reading import count_rows, open_table
from analytics.tabular.rows import ReadOptions, RowProblem, TableError, TableRow


def written(table, **options):
    file = io.BytesIO()
    pq.write_table(table, file, **options)
    return file.getvalue()


class Stream(io.RawIOBase):
    """A stream that cannot be searched, as the member of an archive."""

    def __init__(self, data):
        self._file = io.BytesIO(data)

    @override
    def readable(self):
        return True

    @override
    def readinto(self, buffer):
        return self._file.readinto(buffer)


@pytest.mark.parametrize("kind", [io.BytesIO, Stream])
def test_rows_come_with_their_places_and_known_names(kind):
    data = written(pa.table({"Item_ID": ["a", "b"], "n": [1, None]}))
    table = open_table(kind(data), "t.parquet", ReadOptions(known=("item_id",)))
    assert [(row.line, row.values) for row in table.rows] == [
        (1, {"item_id": "a", "n": 1}),
        (2, {"item_id": "b", "n": None}),
    ]
    assert count_rows(kind(data), "t.parquet") == 2


def test_nested_columns_are_left_out_where_only_plain_ones_are_asked_for():
    data = written(pa.table({"a": [1], "image": [{"bytes": b"x"}]}))
    table = open_table(io.BytesIO(data), "t.parquet", ReadOptions(plain_only=True))
    assert [row.values for row in table.rows] == [{"a": 1}]


def test_rows_behind_a_damaged_part_are_counted_as_lost():
    data = bytearray(
        written(pa.table({"a": [str(i) * 50 for i in range(1000)]}), row_group_size=100)
    )
    middle = len(data) // 2
    data[middle : middle + 200] = b"\xff" * 200
    rows = list(open_table(io.BytesIO(bytes(data)), "t.parquet").rows)
    problem = rows[-1]
    assert isinstance(problem, RowProblem)
    read = [row for row in rows if isinstance(row, TableRow)]
    assert len(read) + problem.n_lines == 1000
    assert f"Rows lost: {problem.n_lines:,}." in problem.reason


def test_a_file_that_is_not_parquet_is_refused():
    with pytest.raises(TableError, match=r"t.parquet cannot be read as Parquet: .*Write the file"):
        open_table(io.BytesIO(b"no"), "t.parquet")


def test_repeated_columns_are_refused_by_name():
    data = written(pa.table([pa.array([1]), pa.array([2])], names=["a", "A"]))
    with pytest.raises(TableError, match="has the column “a” twice"):
        open_table(io.BytesIO(data), "t.parquet")
