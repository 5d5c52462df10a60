"""The last layer works for the read tokens alone, and for all where that cannot be."""

import pytest
import torch

from modeling.backbones.qwen.cached import cached_states
from modeling.backbones.qwen.groups import build_plan
from modeling.backbones.qwen.plan import Plan, Segment
from tests.modeling.backbones.qwen.tiny import RUBRIC, ragged_items, tiny_backbone


@pytest.fixture(params=["qwen2_5_vl", "qwen3_vl"])
def backbone(request, tmp_path):
    return tiny_backbone(tmp_path, request.param)


def watched(backbone, name):
    """Numbers of tokens that a part of the last layer is asked for."""
    layer = backbone.core.model.get_submodule("language_model.layers.2")
    seen = []
    part = layer.get_submodule(name)
    part.register_forward_hook(lambda _, arguments, __: seen.append(len(arguments[0])))
    return seen


@pytest.mark.parametrize("name", ["mlp", "self_attn.q_proj", "self_attn.o_proj"])
def test_scoring_asks_for_two_tokens_per_candidate_and_none_of_the_prefix(backbone, name):
    seen = watched(backbone, name)
    backbone.score_hidden([backbone.prepare(item, RUBRIC) for item in ragged_items()])
    assert sum(seen) == 8 * 2
    assert seen[:2] == [0, 0]  # the rubric, then the items


def test_training_finishes_every_token(backbone):
    seen = watched(backbone, "mlp")
    group = backbone.prepare(ragged_items()[0], RUBRIC)
    backbone([group])
    assert seen == [1]  # one packed row, whole
    assert build_plan([group]).tokens > 2 * 3


def test_pieces_of_one_pass_may_be_read_in_different_numbers(backbone):
    plan = build_plan([backbone.prepare(ragged_items()[0], RUBRIC)])
    *shared, first, second, third = plan.segments
    leaves = [
        Segment(each.token_ids, each.parent, each.images, reads)
        for each, reads in ((first, 1), (second, 2), (third, 0))
    ]
    uneven = Plan((*shared, *leaves), plan.patches, plan.grids)
    with torch.no_grad():
        every = cached_states(backbone.core, plan, max_rows=3)
        some = cached_states(backbone.core, uneven, max_rows=3)
    torch.testing.assert_close(some, every[[1, 2, 3]], atol=1e-5, rtol=0)


def test_another_attention_is_left_to_itself(tmp_path):
    backbone = tiny_backbone(tmp_path, "qwen3_vl", attention="eager")
    reference = tiny_backbone(tmp_path, "qwen3_vl")
    groups = [backbone.prepare(item, RUBRIC) for item in ragged_items()]
    torch.testing.assert_close(
        backbone.score_hidden(groups), reference.score_hidden(groups), atol=1e-4, rtol=0
    )
