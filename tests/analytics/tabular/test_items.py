"""Rows of one candidate each become items; what may be incomplete is reported."""

import io

import pytest

from analytics.tabular.items import ItemRow, gather_items
from analytics.tabular.reading import open_table
from analytics.tabular.rows import ReadOptions, RowProblem, TableRow

HEAD = "item_id,instruction,source_image,candidate_id,image\n"


def gathered(text, name="t.csv"):
    return list(gather_items(open_table(io.BytesIO(text.encode()), name).rows))


def names(items):
    found = [item.row.values for item in items if isinstance(item, ItemRow)]
    return [(row["item_id"], [each["candidate_id"] for each in row["candidates"]]) for row in found]


def test_rows_that_stand_together_are_one_item_in_their_order():
    found = gathered(HEAD + "1,Do.,s,b,x\n 1 ,Do.,s,a,y\n2,Do.,s,b,z\n")
    assert names(found) == [("1", ["b", "a"]), ("2", ["b"])]
    assert [found[0].row_of(place).line for place in (0, 1)] == [2, 3]
    assert found[0].row.values["candidates"][1] == {"candidate_id": "a", "image": "y"}


def test_rows_that_stand_apart_are_two_items_of_one_id():
    assert names(gathered(HEAD + "1,Do.,s,a,x\n2,Do.,s,a,x\n1,Do.,s,b,x\n")) == [
        ("1", ["a"]),
        ("2", ["a"]),
        ("1", ["b"]),
    ]


def test_tables_of_one_row_an_item_come_as_they_are():
    rows = [TableRow("t", 1, {"item_id": "1", "candidate_id": "x", "candidates": []})]
    assert list(gather_items(rows)) == [ItemRow(rows[0])]
    assert list(gather_items([])) == []


def test_other_values_in_rows_of_one_item_are_named_with_their_column():
    [problem] = gathered(HEAD + "1,Do.,s,a,x\n1,Do it.,s,b,y\n")
    assert str(problem) == (
        "t.csv:3 (item 1): instruction: “Do it.” differs from “Do.” in line 2 of the same item. "
        "Give all rows of an item the same value."
    )


def test_an_unreadable_row_that_names_its_item_casts_doubt_on_no_other():
    options = ReadOptions(item_column="item_id")
    text = HEAD + "1,Do.,s,a,x\n2,too,few\n2,Do.,s,a,x\n3,Do.,s,a,x\n"
    found = list(gather_items(open_table(io.BytesIO(text.encode()), "t.csv", options).rows))
    assert names(found) == [("1", ["a"]), ("3", ["a"])]
    assert [(each.line, each.item_id) for each in found if isinstance(each, RowProblem)] == [
        (3, "2"),
        (4, "2"),
    ]


@pytest.mark.parametrize(
    ("broken", "incomplete"), [(2, ["1"]), (3, ["1"]), (4, ["1", "2"]), (5, ["2"]), (6, ["2"])]
)
def test_an_item_beside_an_unreadable_row_may_be_incomplete(broken, incomplete):
    rows = [f"{item},Do.,s,{part},x\n" for item in (1, 2) for part in "ab"]
    rows.insert(broken - 2, "7,too,few\n")
    found = gathered(HEAD + "".join(rows))
    problems = [each for each in found if isinstance(each, RowProblem)]
    assert [each.item_id for each in problems if each.item_id] == incomplete
    assert len(names(found)) == 2 - len(incomplete)
    assert problems[-1].reason in {
        f"Line {broken} of t.csv cannot be read, so this item may be incomplete.",
        "It has fewer cells (3) than the header row (5).",
    }
