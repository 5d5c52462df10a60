"""Manifests in every form that imports take: the same items, the same scores."""

import json
import shutil
import zipfile

import pytest
from PIL import Image

from modeling.backbones.qwen.options import DtypeName
from modeling.cli import main
from modeling.cli.manifest import read_items
from modeling.data import read_picture
from modeling.released import ReleasedLayout, ReleasedRewardModel
from modeling.scorer import RewardModel, ScoreItem
from tests.factories.files import zip_entries, zip_folder
from tests.factories.manifests import FORMS, long_rows, plain_jsonl, table_text
from tests.modeling.commands import only_error
from tests.modeling.released.checkpoints import write_checkpoint

TEXTS = ('Make it 5" taller; "red", 改成红色', "Make it blue\nand\r\n  bright,", "It's green")


@pytest.fixture
def items(tmp_path, toy_data):
    """Three items and, in a folder beside the test's own, their images."""
    (tmp_path / "in").mkdir()
    shutil.copytree(toy_data / "images", tmp_path / "in" / "images")
    return [
        {
            "item_id": str(place),
            "instruction": text,
            "source_image": f"images/{place}-source.png",
            "candidates": [
                {
                    "candidate_id": f"c{number}",
                    "model": "m",
                    "seed": 1,
                    "image": f"images/{place}-{number}.png",
                }
                for number in range(2)
            ],
        }
        for place, text in enumerate(TEXTS)
    ]


def opened(path):
    """What a model is given, pixel for pixel."""
    return [
        (
            item.item_id,
            item.instruction,
            read_picture(item.source).tobytes(),
            [(name, read_picture(image).tobytes()) for name, image in item.candidates.items()],
        )
        for item in read_items(path)
    ]


def scores(capsys, checkpoint, path):
    assert main(["score", str(checkpoint), str(path), "--batch-size", "2"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_scores_of_plain_jsonl(trained, tmp_path, items, form, capsys):
    plain = plain_jsonl(tmp_path / "in", items)
    wanted, found = opened(plain), scores(capsys, trained.checkpoint, plain)
    assert [row[1] for row in wanted] == list(TEXTS)
    assert [(row["item_id"], row["candidate_id"]) for row in found] == [
        (str(item), f"c{number}") for item in range(3) for number in range(2)
    ]
    plain.unlink()
    path = FORMS[form](tmp_path / "in", items)
    assert opened(path) == wanted
    assert scores(capsys, trained.checkpoint, path) == found


def test_items_are_read_again_in_every_pass_and_counted(tmp_path, items):
    found = read_items(FORMS["zip"](tmp_path / "in", items))
    assert len(found) == len(list(found)) == len(list(found)) == 3


def test_a_manifest_that_changes_meanwhile_ends_the_scoring(tmp_path, items):
    path = plain_jsonl(tmp_path / "in", items)
    found = read_items(path)
    path.write_text("{}\n")
    with pytest.raises(ValueError, match=r"manifest\.jsonl has changed"):
        list(found)


def test_one_id_in_two_shards_is_a_problem_with_both_places(trained, shared_data, capsys):
    """Item 1 stands in row 1 of both shards, item 2 in row 2 and row 3."""
    error = only_error(capsys, 2, "score", trained.checkpoint, shared_data / "faults" / "splits2")
    first, second = (f"data/train-0000{number}-of-00002.parquet" for number in range(2))
    assert "in 5 rows" in error.splitlines()[0]
    assert f"{second}:1 (item 1): the item id repeats: {first}:1 has it too. Give every" in error


def test_rows_that_cannot_be_read_are_listed_with_their_lines(trained, shared_data, capsys):
    path = shared_data / "faults" / "csvlines"
    error = only_error(capsys, 2, "score", trained.checkpoint, path)
    assert error.startswith("error: 2 problems in 8 rows:\nmanifest.csv:6 (item 3): ")
    assert "manifest.csv:7 (item 3): Line 6 of manifest.csv cannot be read, so this" in error


def test_an_archive_with_backslashes_is_scored(trained, shared_data, capsys):
    found = scores(capsys, trained.checkpoint, shared_data / "faults" / "backslash.zip")
    assert [row["candidate_id"] for row in found] == ["c0", "c1"]


def test_candidates_of_the_long_form_are_named_with_their_own_lines(
    trained, tmp_path, items, capsys
):
    rows = long_rows(items)
    rows[1]["image"] = "gone.png"
    rows[3]["candidate_id"] = " c0 "
    rows[5]["image"] = "https://example.org/a.png"
    path = tmp_path / "in" / "m.csv"
    path.write_bytes(table_text(rows).encode())
    error = only_error(capsys, 2, "score", trained.checkpoint, path)
    assert error == (
        "error: 3 problems in 6 rows:\n"
        "m.csv:3 (item 0): image gone.png is missing. Add the file, or correct its path.\n"
        "m.csv:7 (item 1): candidate id 'c0' repeats. "
        "Give every candidate of an item its own id.\n"
        "m.csv:11 (item 2): image https://example.org/a.png is a URL, and images are not "
        "fetched. "
        "Save the image as a file and name its path.\n"
    )


def test_ids_come_in_one_spelling_and_repeat_in_any(trained, tmp_path, items, capsys):
    items[0]["item_id"] = "\ufeff Jose\u0301 "
    path = plain_jsonl(tmp_path / "in", items)
    assert next(item.item_id for item in read_items(path)) == "José"
    items[2]["item_id"] = "José"
    plain_jsonl(tmp_path / "in", items)
    error = only_error(capsys, 2, "score", trained.checkpoint, path)
    assert "jsonl:3 (item José): the item id repeats: manifest.jsonl:1 has it too" in error


def test_what_is_guessed_or_left_aside_is_said(tmp_path, items, capsys):
    folder = tmp_path / "in"
    plain_jsonl(folder, items)
    (folder / "manifest.csv").write_text("item_id\n")
    assert len(read_items(folder)) == 3
    assert capsys.readouterr().err == "note: manifest.jsonl is read, manifest.csv is not.\n"
    (folder / "m.csv").write_bytes(table_text(long_rows(items)).encode("gb18030"))
    read_items(folder / "m.csv")
    assert capsys.readouterr().err.startswith("note: m.csv is not UTF-8 and is read as GB18030")


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_paths_are_found_as_macos_and_web_tools_write_them(tmp_path, items, packed):
    folder = tmp_path / "in"
    (folder / "images").rename(folder / "e\u0301 1")
    for each, written in zip(items, ("é 1", "%C3%A9%201", "e%CC%81%201"), strict=True):
        for cells, key in ((each, "source_image"), *((c, "image") for c in each["candidates"])):
            cells[key] = cells[key].replace("images", written)
    path = plain_jsonl(folder, items)
    assert len(opened(zip_folder(folder, tmp_path / "in.zip") if packed else path)) == 3


def test_a_training_folder_is_read_by_its_groups(trained, toy_data, tmp_path, capsys):
    folder = tmp_path / "data"
    shutil.copytree(toy_data, folder)
    (folder / "manifest.json").write_text('{"files": {}}')
    found = scores(capsys, trained.checkpoint, folder)
    assert found == scores(capsys, trained.checkpoint, toy_data / "groups.jsonl")
    assert len(found) == 160


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda at: at.mkdir(), "contains none of manifest.jsonl, manifest.csv, manifest.parquet"),
        (lambda at: None, "No such file or directory"),
        (lambda at: at.write_bytes(b"x"), "in.zip cannot be unpacked: File is not a zip file"),
        (lambda at: zip_entries(at, [("a.png", b"x")]), "in.zip contains none of manifest.jsonl"),
        (
            lambda at: zip_entries(at, [("m.csv", b""), ("./m.csv", b"")]),
            "in.zip contains m.csv twice",
        ),
        (
            lambda at: zip_entries(at, [("a/groups.jsonl", b"{}"), ("b/manifest.csv", b"a")]),
            "in.zip contains manifests in several folders: a, b. Name one of them.",
        ),
        (
            lambda at: zip_entries(at, [("manifest.csv", b"item_id,image\n1,a.png\n")]),
            "manifest.csv has no column “instruction”, “source_image”, “candidates”; it has",
        ),
    ],
)  # fmt: skip
def test_what_holds_no_manifest_is_refused_in_a_sentence(trained, tmp_path, make, reason, capsys):
    path = tmp_path / "in.zip"
    make(path)
    assert reason in only_error(capsys, 2, "score", trained.checkpoint, path)


def test_a_file_of_another_kind_is_refused_with_the_kinds(trained, tmp_path, capsys):
    for name, remedy in (("items.xlsx", "Save the sheet as CSV."), ("items.x", "Give a file of .")):
        path = tmp_path / name
        path.write_bytes(b"x")
        error = only_error(capsys, 2, "score", trained.checkpoint, path)
        assert f"{name} is not a table that can be read. {remedy}" in error


def test_a_damaged_member_is_named_after_what_was_scored_before(trained, tmp_path, items, capsys):
    path = FORMS["zip"](tmp_path / "in", items)
    with zipfile.ZipFile(path) as archive:
        place = archive.getinfo("images/1-0.png").header_offset
    data = bytearray(path.read_bytes())
    data[place + 200 : place + 204] = b"\0\1\2\3"
    path.write_bytes(data)
    assert main(["score", str(trained.checkpoint), str(path), "--batch-size", "1"]) == 2
    printed = capsys.readouterr()
    assert {json.loads(line)["item_id"] for line in printed.out.splitlines()} == {"0"}
    told = printed.err.splitlines()[-1]
    assert told.startswith("error: images/1-0.png cannot be unpacked: Bad CRC-32")


def test_images_in_cells_may_be_bytes_paths_or_both(tmp_path):
    Image.new("RGB", (8, 8), "red").save(tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    rows = [
        {"item_id": "1", "instruction": "x", "source_image": {"bytes": None, "path": "a.png"},
         "candidates": [{"candidate_id": "a", "image": {"bytes": data, "path": "gone.png"}},
                        {"candidate_id": "b", "image": {"bytes": data, "path": None}}]},
    ]  # fmt: skip
    rows[0]["item_id"] = 1.0  # as Parquet has whole numbers where some are missing
    [item] = read_items(FORMS["parquet"](tmp_path, rows))
    assert item.item_id == "1"
    assert item.source == tmp_path / "a.png"
    assert item.candidates == {"a": data, "b": data}


@pytest.mark.parametrize("blanks", ["{}", "  {}", "{}\n", "\t{}  \r\n"])
def test_the_instruction_reaches_a_released_model_as_it_stands(tmp_path, toy_data, capsys, blanks):
    write_checkpoint(tmp_path / "released", "qwen2_5_vl")
    source, edit = (str(toy_data / "images" / f"0-{name}.png") for name in ("source", "0"))
    instruction = blanks.format("Make it\n\n  red.")
    (tmp_path / "in").mkdir()
    row = {"item_id": "i", "instruction": instruction, "source_image": source,
           "candidates": [{"candidate_id": "a", "image": edit}]}  # fmt: skip
    path = plain_jsonl(tmp_path / "in", [row])
    words = ["score", str(tmp_path / "released"), str(path), "--dtype", "float32"]
    assert main(words) == 0
    [line] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    layout = ReleasedLayout(dtype=DtypeName.FLOAT32)
    model = ReleasedRewardModel.from_pretrained(tmp_path / "released", layout=layout)
    [by_hand] = model.score(items=[ScoreItem("i", instruction, source, {"a": edit})])
    assert line["if_mean"] == pytest.approx(by_hand["a"]["if_mean"], abs=1e-5)
    [other] = model.score(items=[ScoreItem("i", instruction.strip(), source, {"a": edit})])
    changed = abs(other["a"]["if_mean"] - line["if_mean"])
    assert (changed > 1e-4) == (instruction != instruction.strip())


def test_items_that_tell_their_number_are_opened_batch_by_batch(trained, tmp_path, items):
    open_now = []

    class Watched:
        def __len__(self):
            return 3

        def __iter__(self):
            for item in read_items(plain_jsonl(tmp_path / "in", items)):
                open_now.append(item.item_id)
                yield item

    told = []
    model = RewardModel.from_pretrained(trained.checkpoint)
    batches = model.score_batches(
        items=Watched(), batch_size=2, progress=lambda *words: told.append(words)
    )
    next(batches)
    assert open_now == ["0", "1"]
    assert len(list(batches)) == 1
    assert told == [(2, 3, "scoring"), (3, 3, "scoring")]
