"""CSV and TSV: every row read or reported on the line where it begins."""

import io

import pytest

from analytics.tabular.reading import open_table
from analytics.tabular.rows import ReadOptions, RowProblem, TableError, TableRow
from tests.factories.tables import run_tables


def read(text, name="t.csv", **options):
    data = text if isinstance(text, bytes) else text.encode()
    table = open_table(io.BytesIO(data), name, ReadOptions(**options))
    return table, list(table.rows)


def cells(rows):
    return [tuple(row.values.values()) for row in rows if isinstance(row, TableRow)]


def problems(rows):
    return [(row.line, row.last_line, row.reason) for row in rows if isinstance(row, RowProblem)]


def test_a_stray_quote_costs_its_own_row_alone():
    _, rows = read('item,rater,score\na,x,1\na,"y,2\nb,x,3\nb,y,4\n')
    assert cells(rows) == [("a", "x", "1"), ("b", "x", "3"), ("b", "y", "4")]
    [(line, last, reason)] = problems(rows)
    assert (line, last) == (3, 0)
    assert (
        reason == "The quote that opens in column “rater” is not closed before the end of the file."
    )


def test_two_stray_quotes_that_close_each_other_swallow_nothing():
    _, rows = read('item,rater,dim,score\na,"x,if,1\na,y,if,2\nb,x",if,3\nb,y,if,4\n')
    assert cells(rows) == [("a", "y", "if", "2"), ("b", "y", "if", "4")]
    assert [(line, reason[:20]) for line, _, reason in problems(rows)] == [
        (2, "The quote that opens"),
        (4, "A quote that was ope"),
    ]


def test_a_quote_inside_quotes_is_reported_on_its_own_line():
    _, rows = read('id,instruction,image\n1,"Make it 5" tall",a.png\n2,"Make it 5"" tall",b.png\n')
    assert cells(rows) == [("2", 'Make it 5" tall', "b.png")]
    assert problems(rows) == [(2, 0, '“tall",a.png” follows the closing quote of cell 2.')]


def test_text_of_several_lines_is_one_row_that_begins_on_its_first_line():
    _, rows = read(
        'id,instruction,image\n1,"Make it red,\nthen blue, and\nthen green",a.png\n2,x,b\n'
    )
    assert cells(rows) == [
        ("1", "Make it red,\nthen blue, and\nthen green", "a.png"),
        ("2", "x", "b"),
    ]
    assert [(row.line, row.last_line) for row in rows] == [(2, 4), (5, 0)]


def test_a_fault_at_the_end_of_a_text_of_several_lines_is_one_problem():
    text = 'id,instruction,image\n1,"Make it red\nthen 5" tall\nthen blue",a.png\n2,x,b\n'
    _, rows = read(text)
    assert cells(rows) == [("2", "x", "b")]
    assert problems(rows)[0][:2] == (2, 3)


def test_short_and_long_rows_are_reported_with_their_numbers_of_cells():
    _, rows = read("a,b,c\n1,2\n1,2,3,4\n1,2,3,\n")
    assert cells(rows) == [("1", "2", "3")]
    assert [reason for _, _, reason in problems(rows)] == [
        "It has fewer cells (2) than the header row (3).",
        "It has more cells (4) than the header row (3).",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,x\n",
        "a;b\r\n1;x\r\n",
        "a\tb\n1\tx\n",
        "sep=;\na;b\n1;x\n",
        "sep=\t\na\tb\n1\tx\n",
        "a,b\r1,x\r",
    ],
)
def test_commas_semicolons_and_tabs_are_found_out(text):
    table, rows = read(text)
    assert (list(table.columns), cells(rows)) == (["a", "b"], [("1", "x")])


def test_the_delimiter_that_gives_known_columns_wins():
    table, _ = read("item_id;note, if any, at all\n1;x\n", known=("item_id",))
    assert list(table.columns) == ["item_id", "note, if any, at all"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_unicode_is_read_with_and_without_its_mark(encoding):
    _, rows = read("item,edit\n1,改成红色 é\n".encode(encoding))
    assert cells(rows) == [("1", "改成红色 é")]


def test_gbk_is_guessed_and_the_guess_is_said():
    table, rows = read("item,edit\n1,改成红色\n".encode("gbk"))
    assert cells(rows) == [("1", "改成红色")]
    assert "GB18030" in table.notes[0]


def test_a_declared_encoding_is_taken_without_a_word():
    table, rows = read("item,edit\n1,é\n".encode("cp1252"), encoding="cp1252")
    assert (cells(rows), table.notes) == ([("1", "é")], [])


def test_bytes_that_do_not_fit_cost_their_row_alone():
    _, rows = read(b"item,edit\n1,caf\xe9\n2,tea\n")
    assert cells(rows) == [("2", "tea")]
    assert problems(rows) == [(2, 0, "It has bytes that are not utf-8.")]


def test_columns_match_whatever_their_case_and_blanks():
    table, rows = read('" Item_ID " , "Score" ,note\n1,2,x\n', known=("item_id", "score"))
    assert list(table.columns) == ["item_id", "score", "note"]
    assert cells(rows) == [("1", "2", "x")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "t.csv is empty."),
        ("\n\n", "t.csv is empty."),
        ("a,B,b\n", "t.csv has the column “B” twice (capitals do not count). Keep one."),
        ('a,"b\n1,2\n', "t.csv has no readable header row. A quote is not closed."),
        (",,\n", "t.csv has no header row. Name the columns in its first line."),
    ],
)
def test_a_file_without_a_usable_heading_is_refused(text, message):
    with pytest.raises(TableError) as error:
        read(text)
    assert str(error.value) == message


def test_an_unknown_encoding_is_refused_by_name():
    with pytest.raises(TableError, match="the encoding 'utf-9' is unknown"):
        read("a\n1\n", encoding="utf-9")


def test_a_cell_may_be_of_any_size():
    long = "x" * 3_000_000
    _, rows = read(f'a,b\n1,"{long}"\n')
    assert cells(rows) == [("1", long)]


def test_unnamed_columns_are_called_by_their_place():
    table, _ = read(",a,\n0,1,\n")
    assert list(table.columns) == ["column 1", "a"]


def test_made_and_damaged_tables_lose_no_row():
    counts = run_tables(seed=7, n_tables=1_500)
    assert min(counts.values()) > 300


def test_a_quote_in_the_heading_swallows_no_row():
    with pytest.raises(TableError, match="closes in line 3 and swallows rows"):
        read('unit,rater,if,"vq\nu1,r1,3,4\nu2",r2,3,4\nu3,r1,1,2\n')
    table, rows = read('unit,rater,"if\n(1-4)"\nu,r,3\n')
    assert list(table.columns) == ["unit", "rater", "if\n(1-4)"]
    assert cells(rows) == [("u", "r", "3")]
