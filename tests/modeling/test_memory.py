"""Running out of memory must change the pace of a run, never its result."""

from dataclasses import replace

import pytest
import torch

from modeling.backbones import BACKBONES
from modeling.backbones.compact import CompactBackbone
from modeling.config import BackboneName, LossName, LossSettings
from modeling.model import RewardNetwork
from modeling.trainer import train
from modeling.trainer.groups import GroupTrainer
from modeling.trainer.portions import Portions
from tests.modeling.backbones.qwen.tiny import write_folder


@pytest.fixture
def little_memory(monkeypatch):
    """Fail like an accelerator whenever more than two items are encoded at once in training."""
    forward = CompactBackbone.forward
    refused = []

    def limited(self, groups):
        if self.training and len(groups) > 2:
            refused.append(len(groups))
            raise torch.OutOfMemoryError("no memory")
        return forward(self, groups)

    monkeypatch.setattr(CompactBackbone, "forward", limited)
    return refused


def test_smaller_micro_batches_give_the_same_training(
    tmp_path, toy_data, small_config, little_memory, monkeypatch
):
    small = train(small_config, data=toy_data, output=tmp_path / "small")
    assert little_memory == [4]  # halved once, then remembered
    monkeypatch.undo()
    whole = train(small_config, data=toy_data, output=tmp_path / "whole")
    for split in ("validation", "test"):
        assert small.metrics[split] == pytest.approx(whole.metrics[split], abs=1e-4)


def test_judging_and_laplace_go_on_in_smaller_portions_too(
    tmp_path, toy_data, small_config, monkeypatch
):
    forward, refused = RewardNetwork.forward, []

    def limited(self, groups, *, cached=False):
        if len(groups) > 2 and cached:
            refused.append(len(groups))
            raise torch.OutOfMemoryError("no memory")
        return forward(self, groups, cached=cached)

    config = replace(small_config, groups_per_batch=6, evaluations_per_run=1)
    with monkeypatch.context() as patched:
        patched.setattr(RewardNetwork, "forward", limited)
        small = train(config, data=toy_data, output=tmp_path / "small")
    assert refused == [6, 3] * 2  # the evaluation in training, then everything that finishes
    whole = train(config, data=toy_data, output=tmp_path / "whole")
    for split in ("validation", "test"):
        assert small.metrics[split] == pytest.approx(whole.metrics[split], abs=1e-4)


def test_portions_shrink_for_good_and_skip_nothing():
    def run(portion):
        if len(portion) > 3:
            raise torch.OutOfMemoryError("no memory")
        return list(portion)

    portions = Portions(7)
    assert list(portions.over(8, run)) == [[0, 1, 2], [3, 4, 5], [6, 7]]
    assert portions.size == 3
    with pytest.raises(torch.OutOfMemoryError):
        list(Portions(7, fixed=True).over(8, run))


@pytest.mark.parametrize(
    ("family", "ranking"),
    [
        ("compact", LossName.INTEGRATED),
        ("compact", LossName.SQUARED_ERROR),
        ("qwen2_5_vl", LossName.INTEGRATED),
    ],
)
def test_smaller_micro_batches_give_the_same_gradients(
    family, ranking, tmp_path, toy_data, small_config, monkeypatch
):
    config = replace(
        small_config,
        max_steps=1,
        evaluations_per_run=1,
        learning_rate=1e-9,
        loss=LossSettings(ranking=ranking),
    )
    if family != "compact":
        options = {
            "model": str(write_folder(tmp_path / "base", family)),
            "random_weights": True,
            "max_pixels": 256,
        }
        config = replace(config, backbone=BackboneName(family), backbone_options=options)
    whole = gradients(monkeypatch, lambda: train(config, data=toy_data, output=tmp_path / "whole"))
    backbone = BACKBONES[config.backbone]
    forward, refused = backbone.forward, []

    def limited(self, groups):
        if self.training and len(groups) > 1:
            refused.append(len(groups))
            raise torch.OutOfMemoryError("no memory")
        return forward(self, groups)

    monkeypatch.setattr(backbone, "forward", limited)
    small = gradients(monkeypatch, lambda: train(config, data=toy_data, output=tmp_path / "small"))
    assert refused == [4, 2]
    assert whole.keys() == small.keys()
    assert any(gradient.abs().max() > 1e-3 for gradient in whole.values())
    for name, gradient in whole.items():
        torch.testing.assert_close(small[name], gradient, atol=2e-6, rtol=1e-4)


def gradients(monkeypatch, run):
    """What the optimiser would have seen in the first step, by parameter."""
    step = GroupTrainer.training_step
    found = {}

    def watched(self, model, inputs, num_items_in_batch=None):
        loss = step(self, model, inputs, num_items_in_batch)
        named = ((name, each.grad) for name, each in model.named_parameters())
        found.update({name: grad.clone() for name, grad in named if grad is not None})
        return loss

    with monkeypatch.context() as patched:
        patched.setattr(GroupTrainer, "training_step", watched)
        run()
    return found


def test_an_item_too_large_for_memory_is_an_error(tmp_path, toy_data, small_config, monkeypatch):
    def never(self, groups):
        raise torch.OutOfMemoryError("no memory")

    monkeypatch.setattr(CompactBackbone, "forward", never)
    with pytest.raises(torch.OutOfMemoryError):
        train(small_config, data=toy_data, output=tmp_path / "m")
