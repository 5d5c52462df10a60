"""Both executors give what transformers' plain per-candidate forward gives."""

import pytest
import torch

from tests.modeling.qwen.tiny import RUBRIC, ragged_items, reference_states, tiny_backbone

FAMILIES = ["qwen2_5_vl", "qwen3_vl"]
FP32 = 1e-4
BF16 = 0.06  # share of the states' root mean square; two plain bf16 orders differ as much


def prepare_all(backbone, items, rubric=RUBRIC):
    return [backbone.prepare(item, rubric) for item in items]


@pytest.mark.parametrize("family", FAMILIES)
def test_packed_training_equals_the_plain_forward_for_ragged_images_and_pools(family, tmp_path):
    backbone = tiny_backbone(tmp_path, family)
    items = ragged_items()
    expected = reference_states(backbone, items)
    packed = backbone(prepare_all(backbone, items))
    assert packed.shape == (8, 2, 32)
    assert packed.dtype is torch.float32
    assert expected.std() > 0.1
    torch.testing.assert_close(packed, expected, atol=FP32, rtol=0)


@pytest.mark.parametrize("family", FAMILIES)
def test_cached_scoring_equals_the_plain_forward_for_ragged_images_and_pools(family, tmp_path):
    backbone = tiny_backbone(tmp_path, family)
    items = ragged_items()
    expected = reference_states(backbone, items)
    cached = backbone.score_hidden(prepare_all(backbone, items))
    assert not cached.requires_grad
    torch.testing.assert_close(cached, expected, atol=FP32, rtol=0)
