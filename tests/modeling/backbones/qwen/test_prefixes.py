"""A remembered rubric saves its computation and never outlives the weights that made it."""

from dataclasses import replace

import pytest
import torch

from modeling.backbones.qwen.core import QwenCore
from modeling.config import RubricText
from tests.modeling.backbones.qwen.tiny import RUBRIC, ragged_items, reference_states, tiny_backbone

FP32 = 1e-4


@pytest.fixture
def backbone(tmp_path):
    made = tiny_backbone(tmp_path, "qwen2_5_vl")
    made.remember_prefixes()
    return made


@pytest.fixture
def decoded(monkeypatch):
    """Lengths of the rows that the decoder computed."""
    lengths = []
    decode = QwenCore.decode

    def counted(self, embedded, *arguments, **named):
        lengths.append(embedded.embeddings.shape[1])
        return decode(self, embedded, *arguments, **named)

    monkeypatch.setattr(QwenCore, "decode", counted)
    return lengths


def score(backbone, rubric=RUBRIC):
    return backbone.score_hidden([backbone.prepare(item, rubric) for item in ragged_items()])


def reworded(number):
    first = replace(RUBRIC.dimensions[0], wording=f"wording {number}")
    return RubricText((first, RUBRIC.dimensions[1]))


def test_a_second_batch_computes_everything_but_the_rubric(backbone, decoded):
    first = score(backbone)
    passes = len(decoded)
    rubric = decoded[0]
    assert torch.equal(score(backbone), first)
    assert decoded[passes:] == decoded[1:passes]
    assert rubric not in decoded[passes:]
    torch.testing.assert_close(first, reference_states(backbone, ragged_items()), atol=FP32, rtol=0)


def test_only_the_latest_rubrics_are_kept(backbone, decoded):
    for number in (1, 2, 3):
        score(backbone, reworded(number))
    passes = len(decoded)
    score(backbone, reworded(3))
    per_batch = len(decoded) - passes
    score(backbone, reworded(1))
    assert len(decoded) - passes == 2 * per_batch + 1


def change_by_training(backbone):
    backbone.train()
    with torch.no_grad():
        next(backbone.core.model.get_submodule("language_model").parameters()).mul_(2)
    backbone.eval()


def change_by_loading(backbone):
    state = {name: value.clone() for name, value in backbone.state_dict().items()}
    state["core.model.language_model.layers.0.self_attn.k_proj.weight"].mul_(2)
    backbone.load_state_dict(state)


@pytest.mark.parametrize("change", [change_by_training, change_by_loading])
def test_changed_weights_forget_the_rubric(change, backbone):
    before = score(backbone)
    change(backbone)
    after = score(backbone)
    assert not torch.allclose(before, after, atol=1e-3)
    torch.testing.assert_close(after, reference_states(backbone, ragged_items()), atol=FP32, rtol=0)


def test_another_number_format_forgets_the_rubric(backbone):
    score(backbone)
    backbone.to(torch.bfloat16)
    assert score(backbone).isfinite().all()


def test_nothing_is_remembered_unless_asked(tmp_path, decoded):
    plain = tiny_backbone(tmp_path, "qwen3_vl")
    score(plain)
    passes = len(decoded)
    score(plain)
    assert len(decoded) == 2 * passes
