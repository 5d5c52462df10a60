"""Attention inside windows, against one softmax per window written out."""

from itertools import pairwise

import pytest
import torch

from modeling.backbones.qwen.windows import WindowAttention, attend_within, batch_windows
from modeling.seeding import generator
from tests.modeling.backbones.qwen.tiny import tiny_backbone


def by_hand(joint, bounds):
    """softmax(q k / sqrt(width)) v, window after window."""
    pieces = []
    for begin, end in pairwise(bounds):
        query, key, value = joint[:, begin:end]
        weights = torch.einsum("qhw,khw->hqk", query, key) / joint.shape[-1] ** 0.5
        pieces.append(torch.einsum("hqk,khw->qhw", weights.softmax(dim=-1), value))
    return torch.cat(pieces)


@pytest.mark.parametrize(
    "bounds",
    [[0, 12], [0, 4, 8, 12], [0, 4, 6, 10, 12], [0, 1, 4, 4, 9, 12]],
    ids=["one", "equal", "ragged", "with an empty one"],
)
def test_windows_of_any_sizes_see_themselves_alone(bounds):
    joint = torch.randn(3, 12, 2, 5, generator=generator(0))
    expected = by_hand(joint, bounds)
    torch.testing.assert_close(attend_within(*joint, bounds), expected, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_a_vision_tower_gets_the_batched_form_and_keeps_its_parameter_names(family, tmp_path):
    backbone = tiny_backbone(tmp_path, family)
    blocks = backbone.core.model.get_submodule("visual.blocks")
    assert all(isinstance(block.attn, WindowAttention) for block in blocks)
    names = set(backbone.core.model.state_dict())
    assert names == set(backbone.family.model_class(backbone.core.config).state_dict())


def test_another_implementation_keeps_its_own_loop(tmp_path):
    backbone = tiny_backbone(tmp_path, "qwen2_5_vl", attention="eager")
    blocks = backbone.core.model.get_submodule("visual.blocks")
    assert not any(isinstance(block.attn, WindowAttention) for block in blocks)


def test_an_unknown_attention_is_refused():
    tower = torch.nn.Module()
    tower.blocks = torch.nn.ModuleList([torch.nn.Module()])
    tower.blocks[0].attn = torch.nn.Linear(2, 2)
    with pytest.raises(TypeError, match="no window attention is known for Linear"):
        batch_windows(tower, "sdpa")
