import json
import re
from fractions import Fraction
from hashlib import sha256

import pytest
import torch
from PIL import Image

from modeling.config import RubricText, Split, TieMode
from modeling.data import DataError, ImageCache, build_targets, read_dataset
from modeling.data.images import UnreadableImagesError
from modeling.data.rows import parse_group
from modeling.trainer import train
from tests.modeling.toy import RUBRIC, write_toy

OVERALL, IF, VQ = -1, 0, 1


@pytest.fixture
def rubric():
    return RubricText.from_json(RUBRIC)


def group(scores, pairs, ratings=None):
    """An item whose candidates a, b, … have the given (if, vq) scores."""
    return {
        "item_id": "i",
        "instruction": "Do it.",
        "source_image": "s.png",
        "split": "train",
        "candidates": [
            {
                "candidate_id": name,
                "generator": "g",
                "image": f"{name}.png",
                "scores": {
                    "if": {"numerator": one[0], "denominator": 2},
                    "vq": None if one[1] is None else {"numerator": one[1], "denominator": 2},
                },
                "ratings": (ratings or {}).get(name, {}),
            }
            for name, one in scores.items()
        ],
        "pairs": [
            {"kind": kind, "dimension": dimension, "preferred": p, "other": o, "weight": 1}
            for kind, dimension, p, o in pairs
        ],
    }


def samples(targets):
    columns = (targets.preferred, targets.other, targets.dimension, targets.tied)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


TIE = [("disentangled", "if", "a", "b"), ("disentangled", "vq", "b", "a")]


def test_a_strict_pair_speaks_for_the_overall_and_for_each_dimension_that_differs(rubric):
    row = parse_group(group({"a": (8, 4), "b": (4, 6)}, [("strict", "overall", "a", "b")]), rubric)
    found = samples(build_targets(row, rubric, TieMode.DIMENSION))
    assert found == [(0, 1, OVERALL, False), (0, 1, IF, False), (1, 0, VQ, False)]


def test_a_disentangled_sample_supervises_its_own_dimension(rubric):
    row = parse_group(group({"a": (8, 4), "b": (4, 8)}, TIE), rubric)
    found = samples(build_targets(row, rubric, TieMode.DIMENSION))
    assert found == [(0, 1, IF, False), (1, 0, VQ, False)]


def test_fused_ties_are_two_opposite_overall_samples(rubric):
    row = parse_group(group({"a": (8, 4), "b": (4, 8)}, TIE), rubric)
    found = samples(build_targets(row, rubric, TieMode.FUSED))
    assert found == [(0, 1, OVERALL, False), (1, 0, OVERALL, False)]


def test_dropped_ties_teach_nothing(rubric):
    row = parse_group(group({"a": (8, 4), "b": (4, 8)}, TIE), rubric)
    assert samples(build_targets(row, rubric, TieMode.DROP)) == []


def test_an_identical_pair_is_a_tie(rubric):
    row = parse_group(
        group({"a": (8, 4), "b": (8, 4)}, [("identical", "overall", "a", "b")]), rubric
    )
    assert samples(build_targets(row, rubric, TieMode.DIMENSION)) == [(0, 1, OVERALL, True)]


def test_every_rating_counts_and_a_bare_score_is_shared_between_its_neighbours(rubric):
    row = parse_group(
        group({"a": (7, 4), "b": (5, None)}, [], {"a": {"if": [3, 4], "vq": [2]}}), rubric
    )
    counts = build_targets(row, rubric, TieMode.DIMENSION).counts
    assert counts[0].tolist() == [[0, 0, 1, 1], [0, 1, 0, 0]]
    assert counts[1].tolist() == [[0, 0.5, 0.5, 0], [0, 0, 0, 0]]


def test_missing_scores_are_nan_and_scores_stay_exact_until_then(rubric):
    row = parse_group(group({"a": (7, None)}, []), rubric)
    assert row.candidates[0].scores["if"] == Fraction(7, 2)
    assert torch.isnan(build_targets(row, rubric, TieMode.DIMENSION).scores).tolist() == [
        [False, True]
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda row: row.pop("instruction"), "instruction is missing"),
        (lambda row: row.update(instruction="  "), "instruction is empty"),
        (lambda row: row.update(split="dev"), "'dev' is not a valid Split"),
        (lambda row: row["candidates"][0]["scores"].update(fun=None), "unknown dimension 'fun'"),
        (lambda row: row["candidates"][0]["ratings"].update({"if": [7]}), "level 7 is not in"),
        (lambda row: row["pairs"][0].update(other="nobody"), "names candidate 'nobody'"),
        (lambda row: row["candidates"][0].update(image="images/gone.png"), "gone.png is missing"),
        (lambda row: row.update(source_image=None), "source_image is no text"),
        (lambda row: row.update(source_image="a" * 300), "aa cannot be looked up: File name too"),
        (lambda row: row.update(item_id=True), "item_id is no text"),
        (lambda row: row.update(item_id="\ud800"), r"(\ud800): item_id holds half a character"),
        (lambda row: row.update(category="\ud800"), "category holds half a character"),
        (
            lambda row: row["candidates"][0].update(generator="\ud800"),
            "candidate 'c0': generator holds half a character",
        ),
        (lambda row: row.update(candidates=None), "candidates must be a list of objects"),
        (lambda row: row.update(candidates=["a"]), "candidates must be a list of objects"),
        (lambda row: row.update(pairs=None), "pairs must be a list of objects"),
        (lambda row: row["candidates"][0].update(scores=3), "scores must be an object"),
        (lambda row: row["candidates"][0]["ratings"].update(vq=None), "ratings of 'vq' must be a"),
        (lambda row: row["candidates"][0]["ratings"].update(vq=[True]), "level True is not in"),
        (lambda row: row["candidates"][0]["ratings"].update(vq=[2.0]), "level 2.0 is not in"),
        (lambda row: row["pairs"][0].update(weight=None), "has weight None, which is no number"),
        (lambda row: row["pairs"][0].update(weight=10**400), "which is no number from 0 to 1e+09"),
        (lambda row: row["pairs"][0].update(weight=1e300), "has weight 1e+300"),
        (lambda row: row["pairs"][0].update(weight=float("nan")), "has weight nan"),
        (
            lambda row: row["pairs"][0].update(kind="strict", dimension="if"),
            "a pair of kind 'strict' cannot speak for 'if'",
        ),
        (
            lambda row: row["pairs"][0].update(kind="disentangled", dimension=None),
            "a pair of kind 'disentangled' cannot speak for 'overall'",
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
    with pytest.raises(DataError, match="1 problems in 3 rows") as caught:
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


def test_splits_are_the_recorded_ones(toy_data):
    dataset = read_dataset(toy_data)
    sizes = {split: len(dataset.split(split)) for split in Split}
    assert sizes == {Split.TRAIN: 24, Split.VALIDATION: 8, Split.TEST: 8}


def list_files(folder):
    """A manifest as the site's exports write it."""
    files = {
        name: {"bytes": 0, "sha256": sha256((folder / name).read_bytes()).hexdigest()}
        for name in ("groups.jsonl", "rubric.json")
    }
    (folder / "manifest.json").write_text(json.dumps({"files": files}))


@pytest.mark.parametrize("name", ["groups.jsonl", "rubric.json"])
def test_a_file_changed_after_its_manifest_was_written_is_refused(tmp_path, name):
    folder = write_toy(tmp_path / "toy", items=2)
    list_files(folder)
    assert (
        read_dataset(folder).sha256 == sha256((folder / "manifest.json").read_bytes()).hexdigest()
    )
    with (folder / name).open("a") as file:
        file.write("\n")
    with pytest.raises(ValueError, match=rf"{name} is not the file that manifest\.json lists"):
        read_dataset(folder)


@pytest.mark.parametrize("text", ["{}", "[]", '{"files": ["a"]}', '{"files": {"rubric.json": 1}}'])
def test_a_manifest_that_lists_no_hashes_is_only_a_name(tmp_path, text):
    folder = write_toy(tmp_path / "toy", items=2)
    (folder / "manifest.json").write_text(text)
    assert len(read_dataset(folder).groups) == 2


def test_the_content_hash_follows_rows_and_rubric_and_not_the_manifest(tmp_path):
    folder = write_toy(tmp_path / "toy", items=2)
    first = read_dataset(folder)
    (folder / "manifest.json").write_text("{}")
    named = read_dataset(folder)
    assert named.content_sha256 == first.content_sha256
    assert named.sha256 != first.sha256
    rubric = folder / "rubric.json"
    rubric.write_text(rubric.read_text().replace('"weight": 1', '"weight": 5', 1))
    assert read_dataset(folder).content_sha256 != first.content_sha256
    assert read_dataset(folder).sha256 == named.sha256


def test_cached_images_come_back_pixel_for_pixel(tmp_path):
    paths = []
    for number, size in enumerate([(5, 3), (2, 7)]):
        image = Image.effect_noise(size, 80).convert("RGB")
        paths.append(tmp_path / f"{number}.png")
        image.save(paths[-1])
    cache = ImageCache.build(tmp_path / "cache", paths, fit=lambda image: image)
    for path in paths:
        with Image.open(path) as original:
            assert cache.read(path).tobytes() == original.tobytes()


def test_unreadable_images_are_all_named(tmp_path):
    good, torn, text = (tmp_path / name for name in ("good.png", "torn.png", "text.png"))
    Image.new("RGB", (64, 64), "red").save(good)
    torn.write_bytes(good.read_bytes()[:60])
    text.write_text("<html>")
    with pytest.raises(UnreadableImagesError, match="2 images cannot be read") as caught:
        ImageCache.build(tmp_path / "cache", [good, torn, text], fit=lambda image: image)
    assert [path for path, _ in caught.value.problems] == [text, torn]


def test_a_file_without_items_is_refused(tmp_path):
    folder = write_toy(tmp_path / "toy", items=1)
    (folder / "groups.jsonl").write_text("\n")
    with pytest.raises(ValueError, match=r"groups\.jsonl holds no items"):
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


@pytest.mark.parametrize("pairs", [False, True])
def test_data_from_which_nothing_can_be_learned_are_refused(tmp_path, small_config, pairs):
    folder = write_toy(tmp_path / "toy", items=3)
    rows = [json.loads(line) for line in (folder / "groups.jsonl").read_text().splitlines()]
    for row in rows:
        for candidate in row["candidates"]:
            del candidate["scores"], candidate["ratings"]
        row["pairs"] = [pair | {"weight": 0} for pair in row["pairs"]] if pairs else []
    (folder / "groups.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(ValueError, match="teaches nothing: no item in the split 'train'"):
        train(small_config, data=folder, output=tmp_path / "m")
