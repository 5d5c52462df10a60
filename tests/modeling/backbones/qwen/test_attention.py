"""The attention implementations that a block mask can be given to, and the refusal of others."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.modeling.backbones.qwen.tiny import (
    BACKBONES,
    RUBRIC,
    picture,
    ragged_items,
    reference_states,
    tiny_backbone,
    write_folder,
)

FP32 = 1e-4


@pytest.fixture(params=["qwen2_5_vl", "qwen3_vl"])
def eager(request, tmp_path):
    return tiny_backbone(tmp_path, request.param, attention="eager")


def test_eager_attention_equals_the_plain_forward_packed_and_cached(eager):
    items = ragged_items()
    expected = reference_states(eager, items)
    groups = [eager.prepare(item, RUBRIC) for item in items]
    torch.testing.assert_close(eager(groups), expected, atol=FP32, rtol=0)
    torch.testing.assert_close(eager.score_hidden(groups), expected, atol=FP32, rtol=0)


def test_under_eager_attention_no_candidate_sees_another(eager):
    item = ragged_items()[0]
    other = picture(np.random.default_rng(9), 32, 8)
    changed = replace(item, candidates=(*item.candidates[:2], ("c2", other)))
    before, after = (eager([eager.prepare(each, RUBRIC)]) for each in (item, changed))
    torch.testing.assert_close(before[:2], after[:2], atol=1e-6, rtol=0)
    assert (before[2] - after[2]).abs().max() > 1e-3


def test_eager_attention_in_bf16_trains(eager):
    eager.to(torch.bfloat16).train()
    eager([eager.prepare(ragged_items()[0], RUBRIC)]).pow(2).sum().backward()
    assert eager.core.reward_embeddings.grad[:2].abs().min() > 0


@pytest.mark.parametrize("name", ["flash_attention_2", "flex_attention", "somebody/kernel"])
def test_attention_that_takes_no_block_mask_is_refused(name, tmp_path):
    folder = write_folder(tmp_path, "qwen2_5_vl")
    options = {"model": str(folder), "random_weights": True, "attention": name}
    with pytest.raises(ValueError, match=rf"'{name}'; block masks are taken by sdpa, eager"):
        BACKBONES["qwen2_5_vl"].create(options)
