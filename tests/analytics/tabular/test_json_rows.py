"""JSON and JSONL rows."""

import io
import json

import pytest

from analytics.tabular.reading import open_table, read_sound
from analytics.tabular.rows import ReadOptions, RowProblem, TableError, TableRow


def read(text, name="t.jsonl", **options):
    data = text if isinstance(text, bytes) else text.encode()
    table = open_table(io.BytesIO(data), name, ReadOptions(**options))
    return table, list(table.rows)


def test_line_separators_inside_texts_do_not_end_a_row():
    texts = ["one\u2028two", "one\u2029two", "one\x85two", "one\x0btwo\x0c", "one\\r\\ntwo"]
    lines = "".join(json.dumps({"a": text}, ensure_ascii=False) + "\n" for text in texts)
    _, rows = read(lines)
    assert [(row.line, row.values["a"]) for row in rows] == list(enumerate(texts, start=1))


def test_bad_lines_are_named_and_the_others_read():
    bad = ['{"a": }', "[1]", "", '{"a": NaN}', '{"a": 1, "A": 2}', '{"a": 1, "a": 2}']
    _, rows = read("\n".join(['{"a": 1}', *bad, '{"a": 5}']) + "\n", known=("a",))
    assert [row.values for row in rows if isinstance(row, TableRow)] == [{"a": 1}, {"a": 5}]
    found = [(row.line, row.reason) for row in rows if isinstance(row, RowProblem)]
    assert [line for line, _ in found] == [2, 3, 5, 6, 7]
    assert found[1][1] == "It is not a JSON object but list."
    assert found[2][1] == "It is not JSON: NaN is not a JSON value; write null."
    assert found[3][1] == found[4][1] == "It names “a” twice."


@pytest.mark.parametrize("name", ["t.jsonl", "t.json"])
def test_a_json_list_is_read_as_its_rows(name):
    _, rows = read('[{"a": 1},\n {"a": 2}, 3]', name)
    assert [row.values for row in rows if isinstance(row, TableRow)] == [{"a": 1}, {"a": 2}]
    assert [(row.line, row.reason) for row in rows if isinstance(row, RowProblem)] == [
        (3, "It is not a JSON object but int.")
    ]


@pytest.mark.parametrize("bad", ["[1]", "[]", '\n[{"a": 0}]\n'])
def test_a_list_that_is_one_of_several_lines_is_a_bad_row_among_them(bad):
    _, rows = read(f'{bad}\n{{"a": 1}}\n{{broken\n')
    found = [(row.line, isinstance(row, TableRow)) for row in rows]
    first = 2 if bad.startswith("\n") else 1
    last = first + (2 if bad.endswith("\n") else 1)
    assert found == [(first, False), (last, True), (last + 1, False)]


def test_an_object_with_one_list_gives_its_rows():
    _, rows = read('{"judge": "x", "predictions": [{"a": 1}, {"a": 2}]}', "t.json")
    assert [row.values["a"] for row in rows] == [1, 2]


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("", "t.jsonl", "t.jsonl is empty."),
        ('[{"a": 1},', "t.json", "t.json is not JSON: .* at line 1, column 11. Write it again"),
        ("3", "t.json", "t.json does not contain a list of rows. Write a list of JSON objects."),
    ],
)
def test_a_file_that_is_not_rows_is_refused(text, name, message):
    with pytest.raises(TableError, match=message):
        read(text, name)


def test_marks_and_utf16_are_read():
    for encoding in ("utf-8-sig", "utf-16"):
        _, rows = read('{"a": "é"}\n'.encode(encoding))
        assert rows[0].values == {"a": "é"}


def test_deep_and_huge_values_are_problems_of_their_rows():
    _, rows = read('{"a": ' + "[" * 100_000 + "\n" + '{"a": ' + "9" * 6_000 + "}\n" + '{"a": 1}\n')
    assert [type(row) for row in rows] == [RowProblem, RowProblem, TableRow]


def test_a_file_that_must_be_sound_is_read_whole_or_refused_with_its_row(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text('{"a": 1}\n\n{"a": "\u2028"}\n')
    assert read_sound(path) == [{"a": 1}, {"a": "\u2028"}]
    path.write_text('{"a": 1}\n{"a"\n')
    with pytest.raises(TableError, match=r"t\.jsonl:2: It is not JSON"):
        read_sound(path)
