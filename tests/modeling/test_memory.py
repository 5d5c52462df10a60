"""Running out of memory must change the pace of a run, never its result."""

import json

import pytest
import torch

from modeling.backbones.compact import CompactBackbone
from modeling.trainer import train


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


def test_an_item_too_large_for_memory_is_an_error(tmp_path, toy_data, small_config, monkeypatch):
    def never(self, groups):
        raise torch.OutOfMemoryError("no memory")

    monkeypatch.setattr(CompactBackbone, "forward", never)
    with pytest.raises(torch.OutOfMemoryError):
        train(small_config, data=toy_data, output=tmp_path / "m")


def test_the_card_of_a_model_is_complete(trained):
    text = (trained.checkpoint / "card.md").read_text()
    for heading in ("Accuracy on 8 items", "Calibration", "by category", "Failure probes"):
        assert heading in text
    for measure in ("Spearman(μ, human mean)", "Spearman(σ, human sd)", "in the 90 % interval"):
        assert measure in text
    facts = json.loads((trained.checkpoint / "card.json").read_text())
    names = [probe["name"] for probe in facts["probes"]]
    assert names == [
        "brightness", "saturation", "background", "untouched", "wrong_image", "position",
    ]  # fmt: skip
    assert facts["probes"][-1]["failures"] == 0
    for chart in ("accuracy", "reliability", "sigma_error", "risk_coverage"):
        assert f"({chart}.svg)" in text
        drawing = (trained.checkpoint / f"{chart}.svg").read_text()
        assert drawing.startswith("<svg")
        assert "nan" not in drawing
    assert any((trained.checkpoint / "tensorboard").iterdir())
