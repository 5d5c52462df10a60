"""Scoring's shorter forms of transformers' own sums, against transformers' own."""

from types import SimpleNamespace

import pytest
import torch
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import (
    Qwen2_5_VLRMSNorm,
    apply_rotary_pos_emb_vision,
)

from modeling.backbones.qwen import grouped
from modeling.backbones.qwen.shortcuts import NORMS, ShortNorm
from modeling.backbones.qwen.windows import turn
from modeling.seeding import generator
from tests.modeling.backbones.qwen.tiny import RUBRIC, ragged_items, tiny_backbone

DTYPES = [(torch.float64, 1e-6), (torch.float32, 1e-6), (torch.bfloat16, 2e-2)]


def draw(*shape, dtype=torch.float32, seed=0):
    return torch.randn(*shape, generator=generator(seed)).to(dtype)


@pytest.mark.parametrize("graded", [False, True])
@pytest.mark.parametrize(("dtype", "tolerance"), DTYPES)
@pytest.mark.parametrize("norm_class", NORMS)
def test_a_short_norm_gives_the_norms_own_numbers(norm_class, dtype, tolerance, graded):
    norm = norm_class(12).to(dtype)
    torch.nn.init.normal_(norm.weight, generator=generator(1))
    states = draw(2, 5, 12, dtype=dtype)
    states[0, 0] = 0
    short = ShortNorm.replacing(norm)
    with torch.set_grad_enabled(graded):
        found = short(states)
    assert found.dtype == dtype
    assert found.requires_grad == graded
    torch.testing.assert_close(found, norm(states), atol=tolerance, rtol=tolerance)
    assert [*short.state_dict()] == [*norm.state_dict()]


def test_a_wide_weight_widens_what_it_scales_as_in_transformers():
    norm = Qwen2_5_VLRMSNorm(12)
    with torch.no_grad():
        found = ShortNorm.replacing(norm)(draw(3, 12, dtype=torch.bfloat16))
    assert found.dtype == norm(draw(3, 12, dtype=torch.bfloat16)).dtype == torch.float32


@pytest.mark.parametrize("graded", [False, True])
@pytest.mark.parametrize(("dtype", "tolerance"), DTYPES)
def test_queries_and_keys_are_turned_as_transformers_turns_them(dtype, tolerance, graded):
    both = draw(7, 2, 3, 8, dtype=dtype).requires_grad_(graded)
    cos, sin = draw(7, 8, seed=1), draw(7, 8, seed=2)
    expected = torch.stack(apply_rotary_pos_emb_vision(*both.unbind(dim=1), cos, sin), dim=1)
    with torch.set_grad_enabled(graded):
        found = turn(both, cos, sin)
    assert found.dtype == dtype
    assert found.requires_grad == graded
    torch.testing.assert_close(found, expected, atol=tolerance, rtol=tolerance)


@pytest.mark.parametrize("queries", [1, 5])
@pytest.mark.parametrize("masks", [1, 3], ids=["one mask", "a mask per row"])
def test_groups_of_heads_attend_as_with_repeated_keys(masks, queries):
    query, key, value = draw(3, 6, queries, 4), draw(3, 2, 9, 4, seed=1), draw(3, 2, 9, 4, seed=2)
    hidden = draw(masks, 1, queries, 9, seed=3) > 0
    hidden[..., 0] = False
    mask = torch.zeros(hidden.shape).masked_fill(hidden, -torch.inf)
    module = SimpleNamespace(num_key_value_groups=3, is_causal=True)
    options = {"dropout": 0.0, "scaling": 0.3}
    expected, _ = sdpa_attention_forward(module, query, key, value, mask, **options)
    with torch.no_grad():
        found, _ = grouped.attend_groups(module, query, key, value, mask, **options)
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_scoring_repeats_no_keys(family, tmp_path, monkeypatch):
    def forbidden(*_, **__):
        raise AssertionError("transformers repeats keys under a mask")

    backbone = tiny_backbone(tmp_path, family)
    groups = [backbone.prepare(item, RUBRIC) for item in ragged_items()]
    plain = grouped.sdpa_attention_forward

    def unmasked(module, query, key, value, attention_mask, **options):
        packed = attention_mask is None or query.shape[2] == 1
        call = plain if packed else forbidden
        return call(module, query, key, value, attention_mask, **options)

    monkeypatch.setattr(grouped, "sdpa_attention_forward", unmasked)
    assert backbone.score_hidden(groups).isfinite().all()
    with pytest.raises(AssertionError, match="repeats keys"):
        backbone(groups)  # training keeps the known way
