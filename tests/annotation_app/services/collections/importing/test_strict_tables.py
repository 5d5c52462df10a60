"""What people's tables do to an import: no row is lost, no neighbour is blamed."""

import json
import unicodedata

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Candidate, Generator, Item
from annotation_app.services.collections.importing.running import ImportOptions, import_items
from tests.factories.files import item, make_folder, make_image


def run(path, collection, **options):
    return import_items(path=path, collection=collection, options=ImportOptions(**options))


def ids():
    return sorted(Item.objects.values_list("external_id", flat=True))


HEAD = "item_id,instruction,source_image,candidate_id,model,seed,image"


def lines(*names, instruction="改成红色"):
    return [
        HEAD,
        *(
            f"{name},{instruction},source.png,c{place},m,{place},{place}.png"
            for name in names
            for place in range(2)
        ),
    ]


@pytest.fixture
def folder(tmp_path):
    for place, name in enumerate(("source.png", "0.png", "1.png")):
        path = tmp_path / "in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(make_image((40 * place, 30, 60)))
    return tmp_path / "in"


def test_a_bad_quote_is_told_on_its_own_line_and_costs_its_own_item(collection, folder):
    rows = lines("1", "2", "3", "4")
    rows[5] = rows[5].replace("改成红色", '"Make it 5" taller"')
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    summary = run(folder, collection)
    assert ids() == ["1", "2", "4"]
    assert {(problem.line, problem.item_id) for problem in summary.problems} == {(6, "3"), (7, "3")}
    assert "Line 6" in next(one.reason for one in summary.problems if one.line == 7)
    assert (summary.failed, summary.unreadable) == (2, 1)


def test_the_shared_faulty_manifest_is_read_but_for_its_one_bad_item(collection, shared_data):
    summary = run(shared_data / "faults" / "csvlines", collection)
    assert ids() == ["1", "2", "4"]
    assert {problem.line for problem in summary.problems} == {6, 7}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_found_out(collection, folder, encoding, delimiter):
    text = "\r\n".join(lines("甲", "乙")).replace(",", delimiter)
    (folder / "manifest.csv").write_bytes(text.encode(encoding))
    assert run(folder, collection).imported == 2
    assert set(Item.objects.values_list("instruction", flat=True)) == {"改成红色"}


def test_a_json_list_named_jsonl_is_read(collection, tmp_path):
    folder = make_folder(tmp_path / "in", [])
    (folder / "manifest.jsonl").write_text(json.dumps([item("a"), item("b")], indent=1))
    assert run(folder, collection).imported == 2


def test_headings_match_in_any_case_and_further_columns_are_named(collection, folder):
    rows = [line + ",x" for line in lines("a")]
    rows[0] = HEAD.upper().replace("ITEM_ID", " Item_ID ") + ",Note"
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    summary = run(folder, collection)
    assert summary.imported == 1
    assert summary.notices == ["Columns kept as metadata: “Note”."]
    assert Candidate.objects.first().metadata == {"Note": "x"}


@pytest.mark.parametrize("dry_run", [True, False])
def test_one_id_in_two_shards_is_told_by_the_check_and_by_the_import(
    collection, shared_data, dry_run
):
    summary = run(shared_data / "faults" / "splits2", collection, dry_run=dry_run)
    assert [one.item_id for one in summary.problems] == ["1", "2"]
    for problem in summary.problems:
        assert problem.file.endswith("train-00001-of-00002.parquet")
        assert "of data/train-00000-of-00002.parquet" in problem.reason
    assert (summary.imported, summary.conflicts, summary.failed) == (3, 0, 2)


def test_rows_of_one_item_may_stand_on_both_sides_of_a_shard(collection, folder):
    rows = [dict(zip(HEAD.split(","), line.split(","), strict=True)) for line in lines("a")[1:]]
    for number, row in enumerate(rows):
        pq.write_table(
            pa.Table.from_pylist([row | {"seed": number}]),
            folder / f"train-{number:05}-of-00002.parquet",
        )
    assert run(folder, collection).candidates == 2


def test_composed_and_decomposed_names_are_one(collection, folder):
    first, second = lines("Beyonce\u0301", instruction="x")[1:]
    second = unicodedata.normalize("NFC", second)
    (folder / "manifest.csv").write_text("\n".join([HEAD, first, second]) + "\n", encoding="utf-8")
    assert run(folder, collection).imported == 1
    assert ids() == ["Beyoncé"]


def test_names_that_differ_by_case_only_are_told_also_across_imports(collection, folder):
    (folder / "manifest.csv").write_text("\n".join(lines("Cat")) + "\n", encoding="utf-8")
    run(folder, collection)
    text = "\n".join(lines("cat")).replace(",m,", ",M,")
    (folder / "manifest.csv").write_text(text + "\n", encoding="utf-8")
    summary = run(folder, collection)
    assert ["'Cat', 'cat'" in note or "'M', 'm'" in note for note in summary.notices] == [True] * 2
    assert Generator.objects.filter(name__in=["m", "M"]).count() == 2


def test_a_second_manifest_is_named_and_rivals_are_refused(collection, folder, tmp_path):
    (folder / "manifest.csv").write_text("\n".join(lines("a")) + "\n", encoding="utf-8")
    make_folder(folder, [item("b")])
    summary = run(folder, collection)
    assert summary.notices == ["manifest.jsonl is read; manifest.csv is ignored."]
    for name in ("one", "two"):
        make_folder(tmp_path / "many" / name, [item(name)])
    with pytest.raises(InvalidInputError, match=r"several manifests: one/manifest.jsonl, two/man"):
        run(tmp_path / "many", collection)


def test_a_table_with_a_heading_only_is_refused(collection, folder):
    (folder / "manifest.csv").write_text(HEAD + "\n")
    with pytest.raises(InvalidInputError, match=r"manifest.csv has a header row but no other rows"):
        run(folder, collection)


def test_ids_that_pandas_wrote_as_fractions_are_whole_again(collection, folder):
    row = {"item_id": 7.0, "instruction": "x", "source_image": "source.png", "model": "m"}
    row |= {"candidate_id": "c", "seed": 1.0, "image": "0.png"}
    pq.write_table(pa.Table.from_pylist([row]), folder / "manifest.parquet")
    run(folder, collection)
    assert ids() == ["7"]


def apart(rows, how):
    head, *rest = rows
    if how == "sorted by candidate":
        return [head, *rest[::2], *rest[1::2]]
    return [head, *(row if place % 2 == 0 else blank_item(row) for place, row in enumerate(rest))]


def blank_item(row):
    """As a spreadsheet writes cells that are merged with those above."""
    return ",,," + row.split(",", 3)[3]


@pytest.mark.parametrize("how", ["sorted by candidate", "merged cells"])
def test_items_whose_rows_do_not_stand_together_are_held_back_and_the_remedy_works(
    collection, folder, how
):
    path = folder / "manifest.csv"
    path.write_text("\n".join(apart(lines("a", "b"), how)) + "\n", encoding="utf-8")
    summary = run(folder, collection)
    assert (summary.imported, ids()) == (0, [])
    assert summary.problems
    path.write_text("\n".join(lines("a", "b")) + "\n", encoding="utf-8")
    summary = run(folder, collection)
    assert (summary.imported, summary.candidates, summary.conflicts) == (2, 4, 0)


def test_rows_apart_are_found_in_parquet_too(collection, folder):
    head, *rest = lines("a", "b")
    rows = [dict(zip(head.split(","), row.split(","), strict=True)) for row in rest]
    for row in rows:
        row["seed"] = int(row["seed"])
    table = pa.Table.from_pylist([rows[0], rows[2], rows[1], rows[3]])
    pq.write_table(table, folder / "manifest.parquet")
    assert (run(folder, collection).imported, ids()) == (0, [])


@pytest.mark.parametrize("heading", ["", "Unnamed: 0", "__index_level_0__"])
def test_row_numbers_are_left_out_of_the_metadata(collection, folder, heading):
    rows = [f"{place},{line}" for place, line in enumerate(lines("a"))]
    rows[0] = f"{heading},{HEAD}"
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert run(folder, collection).imported == 1
    (folder / "manifest.csv").write_text("\n".join(lines("a")) + "\n", encoding="utf-8")
    assert run(folder, collection).unchanged == 1


def test_a_dry_run_tells_how_many_images_are_new(collection, folder):
    (folder / "manifest.csv").write_text("\n".join(lines("a", "b")) + "\n", encoding="utf-8")
    check = run(folder, collection, dry_run=True)
    assert check.new_images == run(folder, collection).new_images == 3


def test_an_encoding_can_be_declared_and_a_missing_seed_written_as_na(collection, folder):
    text = "\n".join(lines("é")).replace(",m,0,", ",m,NA,")
    (folder / "manifest.csv").write_bytes(text.replace("改成红色", "x").encode("cp1252"))
    assert run(folder, collection, encoding="cp1252").imported == 1
    assert ids() == ["é"]
    assert Candidate.objects.filter(seed=None).count() == 1
