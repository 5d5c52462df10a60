import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from modeling.checkpoint import CheckpointError, load_checkpoint
from modeling.config import LossName, LossSettings, RubricText
from modeling.data.rows import parse_group
from modeling.model.prediction import NotFiniteError
from modeling.scorer import RewardModel, ScoreItem, best_of_n
from modeling.trainer import TrainingCancelledError, TrainingDivergedError, train
from modeling.trainer.claiming import last_state, run_folder
from modeling.trainer.finishing import best_candidate
from tests.modeling.toy import RUBRIC, write_toy


def test_a_small_model_learns_the_toy_world(trained):
    assert trained.metrics["test"]["accuracy"] > 0.8
    assert trained.metrics["test"]["accuracy_if"] > 0.75
    assert trained.metrics["test"]["accuracy_vq"] > 0.75


def test_scores_are_named_and_follow_the_rubric(trained, toy_data):
    model = RewardModel.from_pretrained(trained.checkpoint)
    item = ScoreItem(
        "item-4",
        "Make the square green.",
        toy_data / "images" / "4-source.png",
        {f"c{n}": toy_data / "images" / f"4-{n}.png" for n in range(4)},
    )
    (scores,) = model.score(items=[item], batch_size=1)
    assert set(scores["c0"].values) >= {"if_mean", "if_std", "vq_mean", "vq_std", "overall_mean"}
    assert scores["c0"]["if_std"] > 0
    assert 1 <= scores["c0"]["if_level"] <= 4
    assert 0 < scores["c0"]["if_disagreement"] < 0.75  # four levels
    best = max(scores.candidates, key=lambda c: c["overall_mean"]).candidate_id
    assert best_of_n(scores=scores) == best


def test_the_same_seed_gives_the_same_figures(tmp_path, toy_data, small_config):
    first = train(small_config, data=toy_data, output=tmp_path / "a")
    second = train(small_config, data=toy_data, output=tmp_path / "b")
    assert first.metrics == second.metrics


def test_a_cancelled_run_goes_on_to_the_same_result(tmp_path, toy_data, small_config):
    config = replace(small_config, augment=True)
    whole = train(config, data=toy_data, output=tmp_path / "whole")
    asked = iter([False] * 4 + [True])
    with pytest.raises(TrainingCancelledError):
        train(config, data=toy_data, output=tmp_path / "cut", should_stop=lambda: next(asked))
    resumed = train(config, data=toy_data, output=tmp_path / "cut")
    assert resumed.steps == whole.steps
    assert resumed.metrics == whole.metrics


def test_progress_reaches_the_end(tmp_path, toy_data, small_config):
    seen = []
    result = train(
        small_config,
        data=toy_data,
        output=tmp_path / "m",
        progress=lambda done, total, phase: seen.append((done, total, phase)),
    )
    assert seen[-1] == (result.steps, result.steps, "training")


def test_an_existing_version_is_never_overwritten(tmp_path, toy_data, small_config):
    (tmp_path / "m").mkdir()
    with pytest.raises(FileExistsError, match="immutable"):
        train(small_config, data=toy_data, output=tmp_path / "m")


def test_pickled_weights_are_refused(tmp_path, trained):
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04")
    with pytest.raises(CheckpointError, match="pickled"):
        load_checkpoint(tmp_path)


def test_a_checkpoint_says_where_it_comes_from(trained):
    config = load_checkpoint(trained.checkpoint).config
    assert config["dataset_sha256"] == trained.dataset_sha256
    assert config["training"]["seed"] == 0
    assert set(config["calibration"]["spread"]) == {"if", "vq", "overall"}
    assert len(config["code_version"]) == 16
    assert config["metrics"] == trained.metrics


def test_a_killed_run_goes_on_from_its_last_state(tmp_path, toy_data, small_config):
    config = replace(small_config, augment=True)
    whole = train(config, data=toy_data, output=tmp_path / "whole")

    def die(done, total, phase):
        if phase == "training" and done == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(config, data=toy_data, output=tmp_path / "cut", progress=die)
    half_written = run_folder(tmp_path / "cut") / "checkpoint-99"
    half_written.mkdir()
    assert last_state(half_written.parent).endswith("checkpoint-6")
    resumed = train(config, data=toy_data, output=tmp_path / "cut")
    assert resumed.metrics == whole.metrics
    assert not run_folder(tmp_path / "cut").exists()


def test_training_stops_early_when_held_out_pairs_get_no_likelier(tmp_path, toy_data, small_config):
    config = replace(small_config, learning_rate=1e-9, patience=1, evaluations_per_run=12)
    assert train(config, data=toy_data, output=tmp_path / "m").steps < 12


@pytest.fixture
def train_only(tmp_path):
    folder = write_toy(tmp_path / "toy", items=5)
    groups = (folder / "groups.jsonl").read_text()
    (folder / "groups.jsonl").write_text(re.sub('"(validation|test)"', '"train"', groups))
    return folder


def test_patience_without_held_out_pairs_is_refused(tmp_path, train_only, small_config):
    with pytest.raises(ValueError, match=r"patience needs a validation split .* set patience to 0"):
        train(replace(small_config, patience=2), data=train_only, output=tmp_path / "m")


def test_patience_with_held_out_items_that_nobody_scored_is_refused(tmp_path, small_config):
    data = write_toy(tmp_path / "toy", items=5)
    rows = [json.loads(line) for line in (data / "groups.jsonl").read_text().splitlines()]
    for candidate in rows[3]["candidates"]:
        candidate["scores"] = {}
    (data / "groups.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(ValueError, match="patience needs"):
        train(replace(small_config, patience=2), data=data, output=tmp_path / "m")
    assert train(small_config, data=data, output=tmp_path / "m").metrics["validation"]


def test_ratings_alone_teach_nothing_to_a_loss_of_pairs(tmp_path, small_config):
    data = write_toy(tmp_path / "toy", items=12, candidates=1)
    loss = LossSettings(anchor_weight=0)
    with pytest.raises(ValueError, match="cannot be used for training"):
        train(replace(small_config, loss=loss), data=data, output=tmp_path / "m")
    pointwise = replace(loss, ranking=LossName.SQUARED_ERROR)
    config = replace(small_config, loss=pointwise, max_steps=1, evaluations_per_run=1)
    assert train(config, data=data, output=tmp_path / "m").steps == 1


@pytest.mark.parametrize(("evaluations", "what"), [(1, "loss"), (12, "predictions")])
def test_a_diverged_run_stops_at_once_and_leaves_no_checkpoint(
    tmp_path, toy_data, small_config, evaluations, what
):
    config = replace(small_config, learning_rate=1e9, evaluations_per_run=evaluations)
    with pytest.raises(
        TrainingDivergedError, match=rf"{what} after step \d+ not finite: give a lower"
    ):
        train(config, data=toy_data, output=tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_a_run_that_diverged_in_its_last_step_leaves_no_checkpoint_either(
    tmp_path, train_only, small_config
):
    config = replace(small_config, learning_rate=1e30, max_steps=1, warmup_ratio=0.0)
    with pytest.raises(NotFiniteError, match="its training has diverged"):
        train(config, data=train_only, output=tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_the_best_candidate_of_a_probe_is_the_first_of_equals():
    totals = [("4/3", "2"), ("1", "7/3")]  # equal, but not as sums of floats
    rows = [scored(f"c{n}", *scores) for n, scores in enumerate(totals)]
    rubric = RubricText.from_json(RUBRIC)
    value = {"item_id": "i", "instruction": "do", "source_image": "s", "split": "test"}
    assert best_candidate(parse_group({**value, "candidates": rows}, rubric), rubric) == "c0"


def scored(name, *fractions):
    plain = [Fraction(each).as_integer_ratio() for each in fractions]
    scores = [{"numerator": top, "denominator": bottom} for top, bottom in plain]
    return {
        "candidate_id": name,
        "image": "x",
        "scores": dict(zip(("if", "vq"), scores, strict=True)),
    }


def test_a_run_goes_on_with_its_own_settings_only(tmp_path, toy_data, small_config):
    output = tmp_path / "m"
    with pytest.raises(TrainingCancelledError):
        train(small_config, data=toy_data, output=output, should_stop=lambda: True)
    with pytest.raises(ValueError, match="other settings or data"):
        train(replace(small_config, learning_rate=0.5), data=toy_data, output=output)
    other = write_toy(tmp_path / "other", items=12)
    with pytest.raises(ValueError, match="delete the folder to start again"):
        train(small_config, data=other, output=output)
    assert train(replace(small_config, threads=1), data=toy_data, output=output).steps == 12
