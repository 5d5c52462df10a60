"""What a model card says, and on what its figures rest."""

import json
import re
from dataclasses import replace

import pytest

from modeling.cli import main
from modeling.config import LossSettings, PrecisionName
from modeling.trainer import train
from modeling.trainer.ablation import card_figures
from tests.modeling.toy import write_toy


@pytest.fixture
def card(tmp_path, small_config):
    """The folder of a model whose data has other splits: the pattern's become the given one."""

    def written(pattern, split, **changes):
        data = write_toy(tmp_path / "toy", items=10)
        rows = (data / "groups.jsonl").read_text()
        (data / "groups.jsonl").write_text(re.sub(f'"({pattern})"', f'"{split}"', rows))
        config = replace(small_config, max_steps=1, evaluations_per_run=1, **changes)
        return train(config, data=data, output=tmp_path / "m").checkpoint

    return written


def text_of(folder):
    return " ".join((folder / "card.md").read_text().split())


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
    assert "flatter" not in text


def test_a_card_says_that_nothing_was_held_out(card):
    output = card("validation|test", "train")
    assert "No data were held out" in text_of(output)
    facts = json.loads((output / "card.json").read_text())
    assert facts["evaluation"] is None
    assert facts["config"]["training"]["seed"] == 0
    assert not list(output.glob("*.svg"))
    with pytest.raises(ValueError, match="no held-out split"):
        card_figures(output)


def test_a_card_says_that_its_pairs_have_chosen_the_model_themselves(card):
    output = card("test", "validation")
    text = text_of(output)
    assert "items of the split `validation`" in text
    assert "chosen on the very pairs that judge them here" in text
    factors = json.loads((output / "config.json").read_text())["calibration"]["spread"]
    assert all(f"`{key}` {factors[key]:.2f}" in text for key in ("if", "vq", "overall"))


def test_a_card_says_that_nothing_calibrated_the_spread(card):
    text = text_of(card("validation", "test"))
    assert "σ is not calibrated and the last state was kept" in text
    assert "Factors on σ" not in text


def test_a_card_says_that_levels_were_never_learned(card):
    text = text_of(card("none", "none", loss=LossSettings(anchor_weight=0)))
    assert "Trained without the ordinal anchor" in text


def test_figures_are_those_of_the_model_as_it_is_loaded(tmp_path, toy_data, small_config, capsys):
    config = replace(small_config, precision=PrecisionName.BF16)
    result = train(config, data=toy_data, output=tmp_path / "m")
    assert main(["evaluate", str(result.checkpoint), str(toy_data)]) == 0
    told = json.loads(capsys.readouterr().out)
    for name, figure in result.metrics["test"].items():
        assert told[name] == pytest.approx(figure, abs=1e-6), name
