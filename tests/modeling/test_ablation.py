import json

import pytest

from modeling.cli import main
from modeling.config import BackboneName, LossName, TieMode, TrainConfig
from modeling.trainer.ablation import BASE, Outcome, Variant, run_ablation, standard_variants
from modeling.trainer.differences import change, paired_change, summarise
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
    figure = row["figures"]["a"]
    assert (figure["mean"], figure["sd"]) == (2, pytest.approx(2**0.5))
    assert (figure["change"].mean, figure["change"].high) == (0, 0)
    assert row["figures"]["b"] == {"mean": None, "sd": None, "change": None}


def test_paired_changes_have_the_t_interval_of_their_mean():
    """Differences 1, 2, 3: mean 2, sd 1, t(2) = 4.303, so 2 ± 4.303 / √3 = 2 ± 2.4841."""
    found = paired_change([1, 2, 3, None], [0, 0, 0, 9])
    assert (found.mean, found.repeats) == (2, 3)
    assert (found.low, found.high) == (
        pytest.approx(-0.4841, abs=1e-4),
        pytest.approx(4.4841, abs=1e-4),
    )
    assert paired_change([2], [1]).low is None
    assert paired_change([None], [1]) is None


def test_variants_are_compared_with_the_base_of_the_same_seed():
    base, other = Variant(*BASE, TrainConfig()), Variant("head", "shared", TrainConfig())
    outcomes = [
        *(Outcome(base, seed, 1.0, {"a": seed}) for seed in (0, 1, 2)),
        *(Outcome(other, seed, 1.0, {"a": seed + 0.5}) for seed in (1, 2)),
    ]
    found = change(outcomes, figure="a", of=("head", "shared"), against=BASE)
    assert (found.mean, found.low, found.repeats) == (0.5, 0.5, 2)


def test_only_the_compact_backbone_is_halved():
    pretrained = standard_variants(TrainConfig(backbone=BackboneName.QWEN2_5_VL))
    assert not [each for each in pretrained if each.axis == "backbone"]
    halved = [each for each in standard_variants(TrainConfig()) if each.axis == "backbone"]
    assert [each.config.backbone_options["channels"] for each in halved] == [(8, 24, 48)]


def test_an_ablation_trains_each_variant_and_adds_measured_figures(tmp_path, toy_data):
    base = TrainConfig(backbone_options=TINY, head_hidden=(8,), max_steps=2, evaluations_per_run=1)
    variants = [each for each in standard_variants(base) if each.axis in ("base", "data")]
    outcomes = list(
        run_ablation(
            variants, data=toy_data, folder=tmp_path, seeds=[0], measure=lambda path: {"own": 1.0}
        )
    )
    assert [each.variant.name for each in outcomes] == ["base", "25%", "50%"]
    assert all(0 <= each.figures["accuracy_overall"] <= 1 for each in outcomes)
    assert all(each.figures["own"] == 1 for each in outcomes)


def test_the_command_line_runs_chosen_axes_only(tmp_path, toy_data, capsys):
    config = tmp_path / "c.json"
    config.write_text(json.dumps({"backbone_options": TINY, "max_steps": 1}))
    command = ["ablate", str(toy_data), str(tmp_path / "m"), "--config", str(config)]
    rival = tmp_path / "wide.json"
    rival.write_text(json.dumps({"backbone_options": {**TINY, "pixels": 32}, "max_steps": 1}))
    chosen = ["--axes", "head", "backbone", "--seeds", "1", "--rivals", str(rival)]
    assert main([*command, *chosen]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["name"] for row in rows] == ["shared", "half", "wide"]
    assert main([*command, "--axes", "colour"]) == 2
