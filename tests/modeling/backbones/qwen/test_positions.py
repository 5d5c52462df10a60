"""Rotary positions by hand and against transformers' own rule."""

import pytest
import torch

from modeling.backbones.qwen.packed import packed_positions, read_indices
from modeling.backbones.qwen.plan import Plan, Segment, block_mask
from modeling.backbones.qwen.positions import segment_positions, sequential_positions
from tests.modeling.backbones.qwen.tiny import RUBRIC, ragged_items, tiny_backbone


def test_text_counts_on_and_an_image_spans_rows_and_columns():
    is_image = torch.tensor([False, False, *[True] * 6, False])
    positions, end = segment_positions(is_image, [(2, 3)], start=10)
    assert positions.tolist() == [
        [10, 11, 12, 12, 12, 12, 12, 12, 15],
        [10, 11, 12, 12, 12, 13, 13, 13, 15],
        [10, 11, 12, 13, 14, 12, 13, 14, 15],
    ]
    assert end == 16  # the image took max(2, 3) positions


def test_a_piece_may_begin_and_end_with_an_image():
    positions, end = segment_positions(torch.ones(4, dtype=torch.bool), [(1, 4)], start=0)
    assert positions.tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 2, 3]]
    assert end == 4


def test_sequential_positions_ignore_the_images():
    positions, end = sequential_positions(3, start=5)
    assert positions.tolist() == [[5, 6, 7]] * 3
    assert end == 8


def test_placeholders_that_do_not_fit_the_images_are_refused():
    with pytest.raises(ValueError, match="3 placeholders for images"):
        segment_positions(torch.tensor([True, True, True]), [(2, 2)], start=0)


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_positions_of_every_branch_equal_get_rope_index(family, tmp_path):
    backbone = tiny_backbone(tmp_path, family)
    core = backbone.core
    group = backbone.prepare(ragged_items()[0], RUBRIC)
    grids = group.tensors["grids"]
    start = torch.cat([group.tensors["rubric_ids"], group.tensors["item_ids"]])
    branches = group.tensors["candidate_ids"].split(group.tensors["candidate_lengths"].tolist())
    for number, branch in enumerate(branches, start=1):
        row = torch.cat([start, branch])[None]
        shown = grids[[0, number]]
        expected, _ = core.model.get_rope_index(
            row, mm_token_type_ids=(row == core.image_token).int(), image_grid_thw=shown
        )
        plan = Plan(
            (
                Segment(group.tensors["rubric_ids"], None),
                Segment(group.tensors["item_ids"], 0, images=(0,)),
                Segment(branch, 1, images=(1,), reads=2),
            ),
            group.tensors["patches"],
            shown,
        )
        assert torch.equal(packed_positions(core, plan), expected)


def test_a_token_sees_its_own_past_and_its_ancestors_only():
    tokens = [torch.zeros(length, dtype=torch.int64) for length in (1, 1, 2, 1)]
    plan = Plan(
        (
            Segment(tokens[0], None),
            Segment(tokens[1], 0),
            Segment(tokens[2], 1, reads=1),
            Segment(tokens[3], 1, reads=1),
        ),
        torch.empty(0),
        torch.empty(0, 3),
    )
    assert block_mask(plan).shape == (1, 1, 5, 5)
    assert block_mask(plan)[0, 0].int().tolist() == [
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [1, 1, 1, 0, 0],
        [1, 1, 1, 1, 0],
        [1, 1, 0, 0, 1],
    ]
    assert [plan.children(index) for index in (None, 0, 1, 2)] == [[0], [1], [2, 3], []]
    assert read_indices(plan).tolist() == [3, 4]
    assert plan.tokens == 5
