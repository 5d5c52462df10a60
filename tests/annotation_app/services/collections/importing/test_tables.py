"""Items from JSONL, CSV and Parquet, nested and in long form, also in Hugging Face folders."""

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.tabular import json_rows
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Candidate, Item
from annotation_app.services.collections.importing.running import import_items
from tests.factories.files import item, make_folder, make_image, write_images, zip_folder


def run(path, collection):
    return import_items(path=path, collection=collection)


def write_csv(path, rows):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def long_rows(*items):
    """One row per candidate."""
    return [
        {key: value for key, value in one.items() if key != "candidates"} | part
        for one in items
        for part in one["candidates"]
    ]


@pytest.fixture
def folder(tmp_path):
    write_images(tmp_path / "in")
    return tmp_path / "in"


@pytest.fixture
def reference(collection, tmp_path):
    """The items a and b, imported from JSONL: every other form must be the same."""
    run(make_folder(tmp_path / "reference", [item("a"), item("b")]), collection)
    return collection


def test_nested_csv_is_the_same_as_jsonl(reference, folder):
    rows = [one | {"candidates": json.dumps(one["candidates"])} for one in (item("a"), item("b"))]
    write_csv(folder / "manifest.csv", rows)
    assert run(folder, reference).unchanged == 2


def test_long_csv_is_the_same_as_jsonl(reference, folder):
    write_csv(folder / "manifest.csv", long_rows(item("a"), item("b")))
    assert run(folder, reference).unchanged == 2


def test_long_jsonl_is_the_same_as_jsonl(reference, folder):
    make_folder(folder, long_rows(item("a"), item("b")))
    assert run(folder, reference).unchanged == 2


@pytest.mark.parametrize("rows", [[item("a"), item("b")], long_rows(item("a"), item("b"))])
def test_parquet_is_the_same_as_jsonl(reference, folder, rows):
    pq.write_table(pa.Table.from_pylist(rows), folder / "manifest.parquet")
    assert run(folder, reference).unchanged == 2


def embedded(path):
    return {"bytes": path.read_bytes(), "path": path.name}


def test_hugging_face_folder_with_embedded_images_is_the_same_as_jsonl(reference, folder):
    rows = []
    for one in (item("a"), item("b")):
        parts = [part | {"image": embedded(folder / part["image"])} for part in one["candidates"]]
        source = embedded(folder / one["source_image"])
        rows.append(one | {"source_image": source, "candidates": parts})
    data = folder / "data"
    data.mkdir()
    for number, row in enumerate(rows):
        pq.write_table(pa.Table.from_pylist([row]), data / f"train-{number:05}-of-00002.parquet")
    assert run(folder, reference).unchanged == 2


def test_parquet_inside_an_archive_is_read_too(reference, folder, tmp_path):
    pq.write_table(pa.Table.from_pylist([item("a"), item("b")]), folder / "manifest.parquet")
    assert run(zip_folder(folder, tmp_path / "in.zip"), reference).unchanged == 2


def test_bytes_alone_are_an_image_too(collection, folder):
    row = long_rows(item("a"))[0] | {"image": make_image(), "source_image": make_image((1, 2, 3))}
    pq.write_table(pa.Table.from_pylist([row]), folder / "manifest.parquet")
    assert run(folder, collection).imported == 1


def test_extra_columns_of_the_long_form_belong_to_the_candidate(collection, folder):
    rows = [row | {"steps": number} for number, row in enumerate(long_rows(item("a")))]
    make_folder(folder, rows)
    run(folder, collection)
    assert [part.metadata for part in Candidate.objects.order_by("id")] == [
        {"steps": 0},
        {"steps": 1},
    ]


def test_csv_seed_may_be_empty_or_written_as_a_fraction(collection, folder):
    rows = long_rows(item("a"))
    rows[0]["seed"], rows[1]["seed"] = "", " 42 "
    write_csv(folder / "manifest.csv", rows)
    run(folder, collection)
    assert [part.seed for part in Candidate.objects.order_by("id")] == [None, 42]


def test_long_rows_that_disagree_about_their_item_fail_it_with_the_line(collection, folder):
    rows = long_rows(item("a"))
    rows[1]["instruction"] = "Something else"
    write_csv(folder / "manifest.csv", rows)
    (problem,) = run(folder, collection).problems
    assert (problem.line, problem.field, problem.code) == (3, "instruction", "inconsistent_rows")
    assert not Item.objects.exists()


def test_an_item_whose_long_rows_stand_apart_is_not_taken(collection, folder):
    first, second = long_rows(item("a"))
    write_csv(folder / "manifest.csv", [first, *long_rows(item("b")), second])
    problems = run(folder, collection).problems
    assert [(one.line, one.code) for one in problems] == [
        (2, "inconsistent_rows"),
        (5, "inconsistent_rows"),
    ]
    assert [item.external_id for item in Item.objects.all()] == ["b"]


def test_long_rows_around_an_unreadable_line_fail_because_they_may_be_incomplete(
    collection, folder
):
    a, b, c = (long_rows(item(name)) for name in "abc")
    make_folder(folder, [a[0], "{broken", a[1], *b, *c])
    summary = run(folder, collection)
    assert summary.failed == 2
    assert {problem.line for problem in summary.problems} == {1, 2}
    assert sorted(Item.objects.values_list("external_id", flat=True)) == ["b", "c"]


def test_bad_candidate_of_the_long_form_is_reported_with_its_own_line(collection, folder):
    rows = long_rows(item("a"))
    rows[1]["image"] = "nowhere.png"
    write_csv(folder / "manifest.csv", rows)
    (problem,) = run(folder, collection).problems
    assert (problem.line, problem.field) == (3, "image")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"item_id": NaN}', "NaN"),
        ("[" * 100_000, "not JSON"),
        ("9" * 5000, "not JSON"),
    ],
)
def test_unreadable_json_line_is_reported_and_the_next_one_read(collection, tmp_path, line, word):
    summary = run(make_folder(tmp_path / "in", [line, item("a")]), collection)
    (problem,) = summary.problems
    assert (problem.line, problem.code) == (1, "unreadable_row")
    assert word in problem.reason
    assert summary.imported == 1


def test_line_that_is_no_utf8_is_reported(collection, folder):
    make_folder(folder, [item("a")])
    good = (folder / "manifest.jsonl").read_bytes()
    (folder / "manifest.jsonl").write_bytes(b'{"item_id": "\xff"}\n' + good)
    summary = run(folder, collection)
    assert (summary.failed, summary.imported) == (1, 1)


def test_endless_line_is_reported_without_being_held(collection, folder, monkeypatch):
    monkeypatch.setattr(json_rows, "LONGEST", 1000)
    make_folder(folder, ['{"item_id": "' + "x" * 5000 + '"}', item("a")])
    summary = run(folder, collection)
    assert "over 1,000 characters" in summary.problems[0].reason
    assert (summary.failed, summary.imported) == (1, 1)


def test_byte_order_mark_and_empty_lines_do_no_harm(collection, folder):
    make_folder(folder, [item("a")])
    good = (folder / "manifest.jsonl").read_bytes()
    (folder / "manifest.jsonl").write_bytes(b"\xef\xbb\xbf" + good + b"\n\n")
    assert run(folder, collection).imported == 1


def test_csv_row_with_a_cell_too_many_is_reported(collection, folder):
    rows = long_rows(item("a"), item("b"))
    write_csv(folder / "manifest.csv", rows)
    lines = (folder / "manifest.csv").read_text().splitlines()
    lines[1] += ",surplus"
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n")
    summary = run(folder, collection)
    assert {problem.line for problem in summary.problems} == {2, 3}
    assert summary.imported == 1


def test_csv_that_is_no_utf8_is_reported_by_field(collection, folder):
    write_csv(folder / "manifest.csv", long_rows(item("a", instruction="Grun"))[:1])
    path = folder / "manifest.csv"
    path.write_bytes(path.read_bytes().replace(b"Grun", b"Gr\xfcn"))
    (problem,) = run(folder, collection).problems
    assert (problem.field, problem.code) == ("instruction", "bad_text")


def test_csv_without_item_ids_is_refused(collection, folder):
    (folder / "manifest.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InvalidInputError, match="item_id"):
        run(folder, collection)


def test_file_that_is_not_parquet_is_refused(collection, folder):
    (folder / "manifest.parquet").write_bytes(b"PAR1 or not")
    with pytest.raises(InvalidInputError, match=r"manifest.parquet cannot be read as Parquet"):
        run(folder, collection)


def test_parquet_with_a_column_of_bytes_nobody_knows_is_reported(collection, folder):
    row = item("a") | {"blob": b"\x00\x01"}
    pq.write_table(pa.Table.from_pylist([row]), folder / "manifest.parquet")
    (problem,) = run(folder, collection).problems
    assert problem.code == "wrong_type"


def test_folder_without_a_table_says_what_to_add(collection, folder):
    with pytest.raises(InvalidInputError, match=r"manifest\.jsonl"):
        run(folder, collection)


def test_path_that_is_nothing_is_refused(collection, tmp_path):
    with pytest.raises(InvalidInputError, match="cannot be imported"):
        run(tmp_path / "none", collection)
