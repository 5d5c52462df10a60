"""Rows that cannot be used: all named with line, item and reason."""

import json
import re

import pytest

from modeling.config import RubricText
from modeling.data import DataError, read_dataset
from modeling.data.rows import parse_group
from modeling.trainer import train
from tests.modeling.rows import TIE, group
from tests.modeling.toy import RUBRIC, write_toy


@pytest.fixture
def rubric():
    return RubricText.from_json(RUBRIC)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda row: row.pop("instruction"), "instruction is not given"),
        (lambda row: row.update(instruction="  "), "instruction is empty"),
        (
            lambda row: row.update(split="dev"),
            "split must be one of train, validation, test, not 'dev'",
        ),
        (lambda row: row.update(split=[]), "split must be one of train, validation, test, not []"),
        (lambda row: row.pop("split"), "split is not given"),
        (lambda row: row["candidates"][0].pop("image"), "candidate 'c0': image is not given"),
        (lambda row: row["candidates"][1].pop("candidate_id"), "candidate 2: candidate_id is not"),
        (
            lambda row: row["pairs"][1].update(kind="Strict"),
            "pair 2: kind must be one of strict, disentangled, identical, not 'Strict'",
        ),
        (lambda row: row["pairs"][1].pop("kind"), "pair 2: kind is not given"),
        (lambda row: row["pairs"][2].pop("preferred"), "pair 3: preferred is not given"),
        (lambda row: row["pairs"][0].pop("other"), "pair 1: other is not given"),
        (
            lambda row: row["pairs"][0].update(weight="1"),
            "pair 1: weight '1' is not a number from 0",
        ),
        (lambda row: row["candidates"][0]["scores"].update(fun=None), "unknown dimension 'fun'"),
        (lambda row: row["candidates"][0]["ratings"].update({"if": [7]}), "level 7 is not in"),
        (
            lambda row: row["pairs"][0].update(other="nobody"),
            "candidate 'nobody' is not one of the",
        ),
        (lambda row: row["candidates"][0].update(image="images/gone.png"), "gone.png is missing"),
        (lambda row: row.update(source_image=None), "source_image is not given"),
        (lambda row: row.update(source_image="a" * 300), "aa cannot be looked up: File name too"),
        (lambda row: row.update(item_id=True), "item_id is not a text"),
        (
            lambda row: row.update(item_id="\ud800"),
            r"(item \ud800): item_id contains half a",
        ),
        (lambda row: row.update(category="\ud800"), "category contains half a character"),
        (
            lambda row: row["candidates"][0].update(generator="\ud800"),
            "candidate 'c0': generator contains half a character",
        ),
        (lambda row: row.update(candidates=None), "candidates must be a list of objects"),
        (lambda row: row.update(candidates=["a"]), "candidates must be a list of objects"),
        (lambda row: row.update(pairs=None), "pairs must be a list of objects"),
        (lambda row: row["candidates"][0].update(scores=3), "scores must be an object"),
        (lambda row: row["candidates"][0]["ratings"].update(vq=None), "ratings of 'vq' must be a"),
        (lambda row: row["candidates"][0]["ratings"].update(vq=[True]), "level True is not in"),
        (lambda row: row["candidates"][0]["ratings"].update(vq=[2.0]), "level 2.0 is not in"),
        (lambda row: row["pairs"][0].update(weight=None), "weight None is not a number"),
        (lambda row: row["pairs"][0].update(weight=10**400), " is not a number from 0 to 1e+09"),
        (lambda row: row["pairs"][0].update(weight=1e300), "weight 1e+300 is"),
        (
            lambda row: row["pairs"][0].update(weight=float("nan")),
            "NaN is not a JSON value",
        ),
        (
            lambda row: row["pairs"][0].update(kind="strict", dimension="if"),
            "the kind 'strict' cannot speak for 'if'",
        ),
        (
            lambda row: row["pairs"][0].update(kind="disentangled", dimension=None),
            "the kind 'disentangled' cannot speak for 'overall'",
        ),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_reason(tmp_path, change, reason):
    folder = write_toy(tmp_path / "toy", items=3)
    lines = (folder / "groups.jsonl").read_text().splitlines()
    row = json.loads(lines[1])
    change(row)
    lines[1] = json.dumps(row)
    (folder / "groups.jsonl").write_text("\n".join(lines))
    with pytest.raises(DataError, match="1 problem in 3 rows") as caught:
        read_dataset(folder)
    assert caught.value.problems[0].line == 2
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("score", "reason"),
    [
        ({"numerator": 2.7, "denominator": 1}, "must be null or an object of whole numbers"),
        ({"numerator": True, "denominator": 1}, "must be null or an object of whole numbers"),
        ({"numerator": float("inf"), "denominator": 1}, "must be null or an object of whole"),
        ({"numerator": 3}, "`numerator` and `denominator`, not {'numerator': 3}"),
        (3, "score 'if' must be null or an object of whole numbers"),
        ({"numerator": 70, "denominator": 1}, "score 70 of 'if' is outside its levels, 1 to 4"),
        ({"numerator": 1, "denominator": 3}, "score 1/3 of 'if' is outside its levels, 1 to 4"),
        ({"numerator": 3, "denominator": 0}, "score 'if' has denominator 0"),
    ],
)
def test_a_score_that_no_rating_could_give_is_refused_with_its_candidate(rubric, score, reason):
    row = group({"a": (8, 4)}, [])
    row["candidates"][0]["scores"]["if"] = score
    with pytest.raises(ValueError, match=f"candidate 'a': .*{re.escape(reason)}"):
        parse_group(row, rubric)


@pytest.mark.parametrize(
    "second",
    [("strict", "overall", "a", "b"), ("strict", "overall", "b", "a"),
     ("identical", "overall", "b", "a")],
)  # fmt: skip
def test_two_candidates_are_compared_once_by_whoever_compares_them(rubric, second):
    row = group({"a": (8, 4), "b": (4, 6)}, [("strict", "overall", "a", "b"), second])
    with pytest.raises(ValueError, match="on 'overall' are compared twice"):
        parse_group(row, rubric)
    for rater, pair in zip(("r1", "r2"), row["pairs"], strict=True):
        pair["rater"] = rater
    assert [pair.rater for pair in parse_group(row, rubric).pairs] == ["r1", "r2"]


def test_an_instruction_keeps_its_blanks_and_line_breaks(rubric):
    row = {**group({"a": (8, 4)}, []), "instruction": " make it\r\n red \n"}
    assert parse_group(row, rubric).instruction == " make it\r\n red \n"


def test_both_samples_of_a_tie_stand_beside_each_other(rubric):
    row = group({"a": (8, 4), "b": (4, 8)}, TIE)
    assert len(parse_group(row, rubric).pairs) == 2


def test_names_of_candidates_are_read_alike_wherever_they_stand(rubric):
    row = group({" a ": (8, 4), "7": (4, 6)}, [("strict", "overall", "a", 7)])
    assert [pair.other for pair in parse_group(row, rubric).pairs] == ["7"]


def test_all_bad_rows_are_reported_at_once(tmp_path):
    folder = write_toy(tmp_path / "toy", items=3)
    text = (folder / "groups.jsonl").read_text()
    (folder / "groups.jsonl").write_text(text + "{broken\n" + text.splitlines()[0] + "\n")
    with pytest.raises(DataError) as caught:
        read_dataset(folder)
    assert [problem.line for problem in caught.value.problems] == [4, 5]
    assert "repeats" in caught.value.problems[1].reason


def test_a_file_without_items_is_refused(tmp_path):
    folder = write_toy(tmp_path / "toy", items=1)
    (folder / "groups.jsonl").write_text("\n")
    with pytest.raises(ValueError, match=r"groups\.jsonl is empty"):
        read_dataset(folder)


def test_unreadable_images_are_told_with_every_row_that_shows_them(tmp_path, small_config):
    folder = write_toy(tmp_path / "toy", items=3)
    rows = [json.loads(line) for line in (folder / "groups.jsonl").read_text().splitlines()]
    rows[2]["source_image"] = rows[0]["source_image"]
    (folder / "groups.jsonl").write_text("\n".join(["", *map(json.dumps, rows)]))
    (folder / rows[0]["source_image"]).write_bytes(b"no picture")
    (folder / rows[1]["candidates"][0]["image"]).write_bytes(b"")
    with pytest.raises(DataError, match="3 problems in 3 rows") as caught:
        train(small_config, data=folder, output=tmp_path / "m")
    assert [(problem.line, problem.item_id) for problem in caught.value.problems] == [
        (2, "item-0"),
        (3, "item-1"),
        (4, "item-2"),
    ]
    assert "0-source.png: cannot identify" in caught.value.problems[2].reason
    assert caught.value.problems[2].remedy == "Replace the image, or take the item out."


def test_a_problem_names_file_row_item_field_and_remedy(tmp_path):
    folder = write_toy(tmp_path / "toy", items=2)
    text = (folder / "groups.jsonl").read_text()
    (folder / "groups.jsonl").write_text(text.replace("images/1-0.png", "images/gone.png", 1))
    with pytest.raises(DataError) as caught:
        read_dataset(folder)
    assert str(caught.value) == (
        "1 problem in 2 rows:\ngroups.jsonl:2 (item item-1): image images/gone.png is missing. "
        "Add the file, or correct its path."
    )


def test_a_training_folder_is_utf8_with_or_without_a_mark(tmp_path):
    folder = write_toy(tmp_path / "toy", items=2)
    path = folder / "groups.jsonl"
    text = path.read_text().replace("Make the square", "把方块涂成")
    path.write_text(text, encoding="utf-8-sig")
    assert read_dataset(folder).groups[0].instruction == "把方块涂成 red."
    path.write_text(text, encoding="gb18030")
    with pytest.raises(DataError, match=r"groups\.jsonl:1: It has bytes that are not utf-8"):
        read_dataset(folder)


def test_names_have_one_spelling_and_instructions_stay_as_they_are(rubric):
    row = group({"Jose\u0301": (8, 4), "b": (4, 6)}, [("strict", "overall", "José", " b")])
    row |= {"item_id": "\ufeff e\u0301 ", "instruction": " Do it.\r\n\tNow! \n"}
    parsed = parse_group(row, rubric)
    assert parsed.item_id == "é"
    assert [each.candidate_id for each in parsed.candidates] == ["José", "b"]
    assert parsed.pairs[0].preferred == "José"
    assert parsed.instruction == " Do it.\r\n\tNow! \n"


@pytest.mark.parametrize("pairs", [False, True])
def test_data_from_which_nothing_can_be_learned_are_refused(tmp_path, small_config, pairs):
    folder = write_toy(tmp_path / "toy", items=3)
    rows = [json.loads(line) for line in (folder / "groups.jsonl").read_text().splitlines()]
    for row in rows:
        for candidate in row["candidates"]:
            del candidate["scores"], candidate["ratings"]
        row["pairs"] = [pair | {"weight": 0} for pair in row["pairs"]] if pairs else []
    (folder / "groups.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(
        ValueError, match="cannot be used for training: no item in the split 'train'"
    ):
        train(small_config, data=folder, output=tmp_path / "m")
