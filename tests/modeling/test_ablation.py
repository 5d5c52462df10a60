import json

import pytest

from modeling.cli import main
from modeling.config import LossName, TieMode, TrainConfig
from modeling.trainer.ablation import (
    Outcome,
    Variant,
    run_ablation,
    standard_variants,
    summarise,
)
from tests.modeling.test_variants import TINY


def test_standard_variants_cover_the_published_axes():
    variants = standard_variants(TrainConfig())
    assert {variant.axis for variant in variants} == {
        "base", "loss", "recipe", "head", "aggregation", "ties", "data", "backbone",
    }  # fmt: skip
    losses = [each.config.loss for each in variants if each.axis == "loss"]
    assert {loss.ranking for loss in losses} == set(LossName)
    assert {loss.anchor_weight for loss in losses} == {0}
    (published,) = [each.config.loss for each in variants if each.axis == "recipe"]
    assert (published.ties, published.dimension_weight) == (TieMode.FUSED, 0)


def test_summaries_give_mean_and_deviation_over_the_seeds():
    variant = Variant("base", "base", TrainConfig())
    outcomes = [Outcome(variant, seed, 1.0, {"a": a, "b": None}) for seed, a in enumerate((1, 3))]
    (row,) = summarise(outcomes)
    assert row["seeds"] == 2
    assert row["figures"]["a"] == {"mean": 2, "sd": pytest.approx(2**0.5)}
    assert row["figures"]["b"] == {"mean": None, "sd": None}


def test_an_ablation_trains_each_variant_and_adds_measured_figures(tmp_path, toy_data):
    base = TrainConfig(backbone_options=TINY, head_hidden=(8,), max_steps=2, evaluations_per_run=1)
    variants = [each for each in standard_variants(base) if each.axis in ("base", "data")]
    outcomes = run_ablation(
        variants, data=toy_data, folder=tmp_path, seeds=[0], measure=lambda path: {"own": 1.0}
    )
    assert [each.variant.name for each in outcomes] == ["base", "25%", "50%"]
    assert all(0 <= each.figures["accuracy_overall"] <= 1 for each in outcomes)
    assert all(each.figures["own"] == 1 for each in outcomes)


def test_the_command_line_runs_chosen_axes_only(tmp_path, toy_data, capsys):
    config = tmp_path / "c.json"
    config.write_text(json.dumps({"backbone_options": TINY, "max_steps": 1}))
    command = ["ablate", str(toy_data), str(tmp_path / "m"), "--config", str(config)]
    assert main([*command, "--axes", "head", "--seeds", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "shared"
    assert main([*command, "--axes", "colour"]) == 2
