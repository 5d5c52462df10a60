import json
import re
import shutil

import pytest

from modeling.cli import main
from modeling.config import BackboneName, LossName, TieMode, TrainConfig
from modeling.trainer.ablation import (
    BASE,
    Outcome,
    Variant,
    card_figures,
    run_ablation,
    standard_variants,
)
from modeling.trainer.differences import change, paired_change, summarise
from tests.modeling.test_variants import TINY
from tests.modeling.toy import write_toy


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
    assert [each.config.backbone_options["channels"] for each in halved] == [(24, 48)]


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
    assert [row["name"] for row in rows] == ["base", "shared", "half", "wide"]
    assert all(row["figures"]["nll"]["change"] is not None for row in rows)
    assert main([*command, "--axes", "colour"]) == 2


@pytest.fixture
def settings():
    return {"backbone_options": TINY, "head_hidden": [8], "max_steps": 1, "evaluations_per_run": 1}


@pytest.fixture
def ablate(tmp_path, toy_data, settings, capsys):
    """The command on one axis; its status, rows and complaint."""

    def run(*options, data=toy_data, **changes):
        (tmp_path / "c.json").write_text(json.dumps({**settings, **changes}))
        fixed = ["--config", str(tmp_path / "c.json"), "--axes", "head", "--seeds", "1"]
        status = main(["ablate", str(data), str(tmp_path / "m"), *fixed, *map(str, options)])
        printed = capsys.readouterr()
        return status, [json.loads(line) for line in printed.out.splitlines()], printed.err

    return run


def test_a_second_call_trains_no_finished_model_again(ablate, tmp_path):
    status, rows, _ = ablate()
    weights = {path: path.stat().st_mtime_ns for path in tmp_path.glob("m/*/model.safetensors")}
    assert (status, len(weights)) == (0, 2)
    assert ablate(threads=1)[:2] == (0, rows)
    shutil.rmtree(tmp_path / "m" / "head-shared-0")
    assert ablate()[:2] == (0, rows)
    untouched = tmp_path / "m" / "base-base-0" / "model.safetensors"
    assert untouched.stat().st_mtime_ns == weights[untouched]


@pytest.mark.parametrize("kind", ["settings", "data", "nothing"])
def test_a_model_of_something_else_is_neither_taken_nor_overwritten(ablate, tmp_path, kind):
    assert ablate()[0] == 0
    changes = {}
    if kind == "settings":
        changes = {"learning_rate": 0.5}
    elif kind == "data":
        changes = {"data": write_toy(tmp_path / "other", items=15, seed=4)}
    else:
        (tmp_path / "m" / "base-base-0" / "card.json").unlink()
    status, rows, error = ablate(**changes)
    assert (status, rows) == (2, [])
    assert "base-base-0 is not a model of these settings and data; name another folder" in error


def test_seeds_begin_with_the_configured_one(ablate, tmp_path):
    assert ablate("--seed", 7, "--seeds", 2)[0] == 0
    found = sorted(path.name for path in (tmp_path / "m").iterdir())
    assert found == ["base-base-7", "base-base-8", "head-shared-7", "head-shared-8"]
    status, _, error = ablate("--seeds", 0)
    assert (status, "--seeds must be at least 1" in error) == (2, True)


def test_what_cannot_be_compared_is_refused_before_the_first_training(ablate, tmp_path, toy_data):
    rival = tmp_path / "half.json"
    rival.write_text("{}")
    status, _, error = ablate("--axes", "backbone", "--rivals", rival)
    assert (status, "several variants are called backbone-half" in error) == (2, True)
    rival.write_text('{"loss": {"colour": 1}}')
    status, _, error = ablate("--rivals", rival)
    assert (status, "half.json: " in error, "colour" in error) == (2, True, True)

    shutil.copytree(toy_data, tmp_path / "data")
    path = tmp_path / "data" / "groups.jsonl"
    path.write_text(re.sub('"split": "[a-z]+"', '"split": "train"', path.read_text()))
    status, _, error = ablate(data=tmp_path / "data")
    assert (status, "no validation or test items to compare models on" in error) == (2, True)
    assert not (tmp_path / "m").exists()


def test_a_scale_without_ordered_pairs_has_no_accuracy(tmp_path):
    shares = {"overall": {"correct": 0, "total": 0}, "vq": {"correct": 1, "total": 4}}
    accuracy = {key: {"strict": {"share": share}} for key, share in shares.items()}
    facts = {"accuracy": accuracy, "reliability": {"overall": None}, "spread": {}}
    (tmp_path / "card.json").write_text(json.dumps({"evaluation": facts}))
    assert card_figures(tmp_path) == {"accuracy_overall": None, "accuracy_vq": 0.25}
