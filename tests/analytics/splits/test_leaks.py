"""Near matches across splits, against brute force."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.splits.leaks import (
    HashedImage,
    exact_leaks,
    leak_report,
    near_images,
    normalised_instruction,
    shared_instructions,
)

hashes = st.one_of(
    st.integers(0, 2**64 - 1),
    st.lists(st.integers(0, 63), max_size=6).map(lambda bits: sum(1 << b for b in set(bits))),
)


@given(st.lists(hashes, max_size=14), st.integers(0, 10))
def test_near_images_equal_a_comparison_of_all_pairs(values, distance):
    images = [HashedImage(f"i{n:02}", "x", value) for n, value in enumerate(values)]
    split_of = {image.item_id: "ab"[n % 2] for n, image in enumerate(images)}
    expected = {
        (one.item_id, two.item_id)
        for one in images
        for two in images
        if one < two
        and split_of[one.item_id] != split_of[two.item_id]
        and (one.perceptual_hash ^ two.perceptual_hash).bit_count() <= distance
    }
    found = near_images(images, split_of, distance)
    assert {tuple(sorted((n.one.item_id, n.two.item_id))) for n in found} == expected
    assert len(found) == len(expected)


def test_images_of_one_split_or_of_quarantined_items_are_no_leak():
    images = [HashedImage(name, "x", 0) for name in "abc"]
    assert near_images(images, {"a": "train", "b": "train"}) == ()


def test_too_large_a_distance_is_refused():
    with pytest.raises(ValueError, match="below 16"):
        near_images([], {}, 16)


def test_instructions_match_without_case_punctuation_and_width():
    assert normalised_instruction("  Make it　ＢＬＵＥ! ") == "make it blue"
    assert normalised_instruction("make-it blue.") == "make it blue"
    assert normalised_instruction("使天空变蓝。") == "使天空变蓝"


def test_an_instruction_in_two_splits_is_reported_once_with_its_items():
    found = shared_instructions(
        {"a": "Add a dog", "b": "add a dog!", "c": "add a cat", "d": "Add a cat"},
        {"a": "train", "b": "test", "c": "train", "d": "train"},
    )
    assert [(f.instruction, f.items_by_split) for f in found] == [
        ("add a dog", {"test": ("b",), "train": ("a",)})
    ]


def test_a_key_in_two_splits_is_an_exact_leak():
    keys = {"a": ["h1", "h2"], "b": ["h2"], "c": ["h1"]}
    split_of = {"a": "train", "b": "test", "c": "train"}
    assert exact_leaks(keys, split_of) == ("h2",)
    report = leak_report(keys, split_of, [], {"a": "x", "b": "X."})
    assert report.exact == ("h2",)
    assert [found.instruction for found in report.instructions] == ["x"]
