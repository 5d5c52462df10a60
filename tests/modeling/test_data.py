from fractions import Fraction
from hashlib import sha256

import pytest
import torch
from PIL import Image

from modeling.config import RubricText, Split, TieMode
from modeling.data import build_targets, read_dataset
from modeling.data.decoding import UnreadableImagesError
from modeling.data.rows import parse_group
from tests.modeling.caches import build_cache
from tests.modeling.rows import TIE, group
from tests.modeling.toy import RUBRIC, list_files, write_toy

OVERALL, IF, VQ = -1, 0, 1


@pytest.fixture
def rubric():
    return RubricText.from_json(RUBRIC)


def samples(targets):
    columns = (targets.preferred, targets.other, targets.dimension, targets.tied)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


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


def test_splits_are_the_recorded_ones(toy_data):
    dataset = read_dataset(toy_data)
    sizes = {split: len(dataset.split(split)) for split in Split}
    assert sizes == {Split.TRAIN: 24, Split.VALIDATION: 8, Split.TEST: 8}


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
    cache = build_cache(tmp_path / "cache", paths)
    for path in paths:
        with Image.open(path) as original:
            assert cache.read(path).tobytes() == original.tobytes()


def test_unreadable_images_are_all_named(tmp_path):
    good, torn, text = (tmp_path / name for name in ("good.png", "torn.png", "text.png"))
    Image.new("RGB", (64, 64), "red").save(good)
    torn.write_bytes(good.read_bytes()[:60])
    text.write_text("<html>")
    with pytest.raises(UnreadableImagesError, match="2 images cannot be read") as caught:
        build_cache(tmp_path / "cache", [good, torn, text])
    assert [path for path, _ in caught.value.problems] == [text, torn]
