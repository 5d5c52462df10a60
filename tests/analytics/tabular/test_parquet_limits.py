"""Small files that unpack to much: what is refused unread, and what is read in bounded memory."""

import io
import tracemalloc

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.tabular.reading import open_table
from analytics.tabular.rows import ReadOptions, RowProblem, TableError, TableRow


def written(table, **options):
    buffer = io.BytesIO()
    pq.write_table(table, buffer, store_schema=False, **options)
    buffer.seek(0)
    return buffer


def one_value(value, rows):
    places = pa.array([0] * rows, pa.int32())
    return pa.DictionaryArray.from_arrays(places, pa.array([value]))


def test_a_small_file_that_says_a_million_rows_is_refused_before_it_is_read():
    file = written(pa.table({"a": one_value("x" * 1100, 1_000_000)}), compression="zstd")
    assert len(file.getvalue()) < 200_000  # it spells 1.1 GB
    with pytest.raises(TableError, match="1,000,000 rows; 999,999 are allowed"):
        open_table(file, "bomb.parquet", ReadOptions(most_rows=999_999))


def test_a_row_group_that_unpacks_to_more_than_the_caller_allows_is_refused():
    file = written(pa.table({"a": ["x" * 50_000_000, "y" * 50_000_000]}), use_dictionary=False)
    assert len(file.getvalue()) < 10_000_000
    with pytest.raises(TableError, match=r"unpacks to 100,000,\d+ bytes in row group 1"):
        open_table(file, "bomb.parquet", ReadOptions(largest=64 << 20))
    file.seek(0)
    assert len(list(open_table(file, "bomb.parquet").rows)) == 2


def test_a_single_row_may_not_hold_a_hundred_million_values():
    values = one_value("x", 10_000_001)
    file = written(pa.table({"a": pa.ListArray.from_arrays([0, len(values)], values)}))
    assert len(file.getvalue()) < 10_000_000
    with pytest.raises(TableError, match="10,000,001 values of a"):
        open_table(file, "bomb.parquet")


@pytest.mark.parametrize("wrap", [lambda v: v, lambda v: pa.StructArray.from_arrays([v], ["b"])])
def test_a_value_kept_once_and_named_often_is_read_in_parts_up_to_half_a_gibibyte(wrap):
    """A gigabyte in all, ten thousand rows at once by the caller's wish: a part is 64 MiB."""
    file = written(pa.table({"a": wrap(one_value("x" * 1_000_000, 1000))}))
    table = open_table(file, "long.parquet", ReadOptions(batch_rows=10_000))
    tracemalloc.start()
    n_rows, last = 0, None
    for row in table.rows:
        n_rows, last = n_rows + isinstance(row, TableRow), row
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert n_rows == 536  # parts of 67 rows: the ninth would pass 536,870,912 bytes
    assert isinstance(last, RowProblem)
    assert (last.line, last.last_line) == (537, 1000)
    assert "unpacks to over 536,870,912 bytes" in last.reason
    assert "Rows lost: 464." in last.reason
    assert peak < 200 << 20


@pytest.mark.parametrize("fixed", [False, True])
def test_a_list_that_names_one_value_a_thousand_times_is_refused_unread(fixed):
    values = one_value("x" * 1_000_000, 1000)
    listed = (
        pa.FixedSizeListArray.from_arrays(values, 1000)
        if fixed
        else pa.ListArray.from_arrays([0, 1000], values)
    )
    buffer = io.BytesIO()
    pq.write_table(pa.table({"a": listed}), buffer)
    buffer.seek(0)
    tracemalloc.start()
    [row] = open_table(buffer, "long.parquet").rows
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(row, RowProblem)
    assert "unpacks to over 536,870,912 bytes" in row.reason
    assert peak < 100 << 20


def test_a_page_of_one_letter_that_unpacks_to_over_half_a_gibibyte_is_refused_unread():
    table = pa.table({"a": ["x" * 200_000_000]})
    file = io.BytesIO()
    with pq.ParquetWriter(file, table.schema, compression="zstd", use_dictionary=False) as writer:
        for _ in range(3):
            writer.write_table(table)
    assert len(file.getvalue()) < 200_000
    file.seek(0)
    with pytest.raises(TableError, match="unpacks to over 536,870,912 bytes"):
        open_table(file, "bomb.parquet")


def test_more_rows_than_any_table_has_are_refused_unread():
    file = written(pa.table({"a": one_value("x", 5_000_001)}), compression="zstd")
    assert len(file.getvalue()) < 50_000
    with pytest.raises(TableError, match="5,000,001 rows; 5,000,000 are allowed"):
        open_table(file, "bomb.parquet")


def test_lists_count_by_what_they_hold_and_not_by_what_their_neighbours_do():
    lists = [["aa"], [], None, ["b", "cc"], [None]]
    file = written(pa.table({"a": lists, "n": [1, 2, 3, 4, 5]}))
    rows = [row.values for row in open_table(file, "t.parquet", ReadOptions(batch_rows=2)).rows]
    assert rows == [{"a": one, "n": n} for n, one in enumerate(lists, start=1)]


def test_values_come_as_they_were_written_whether_their_column_has_a_dictionary_or_not():
    columns = {
        "text": ["a", None, "b", "a"],
        "bytes": [b"1", b"", None, b"1"],
        "number": [1, None, 3, 4],
        "list": [["a", "b"], [], None, ["a"]],
        "picture": [{"bytes": b"x", "path": "p"}, None, {"bytes": None, "path": "q"}, None],
    }
    for use_dictionary in (True, False):
        file = written(pa.table(columns), use_dictionary=use_dictionary)
        rows = [row.values for row in open_table(file, "t.parquet").rows]
        assert rows == pa.table(columns).to_pylist()
