"""Whatever stops a run, the same command must go on to the very same model, or say why not."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from modeling.data.images import INDEX_FILE
from modeling.trainer import TrainingCancelledError, claiming, finishing, groups, train
from modeling.trainer.claiming import hold_run, last_state, run_folder
from modeling.trainer.finishing import Finisher
from tests.modeling.toy import write_toy

HOLD = """
import sys
from pathlib import Path
from modeling.trainer.claiming import hold_run
with hold_run(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def data(tmp_path):
    return write_toy(tmp_path / "toy", items=12)


@pytest.fixture
def begun(tmp_path, data, small_config):
    """A run that was cancelled after its first step."""
    with pytest.raises(TrainingCancelledError):
        train(small_config, data=data, output=tmp_path / "m", should_stop=lambda: True)
    return tmp_path / "m"


def assert_same_models(one, other):
    for file in ("model.safetensors", "laplace.safetensors"):
        first, second = (load_file(each.checkpoint / file) for each in (one, other))
        assert all(torch.equal(first[name], second[name]) for name in first)
    assert one.metrics == other.metrics
    assert one.steps == other.steps


def no_better(*_):
    return {"pair_nll": 1.0}


@pytest.mark.parametrize(
    "changes",
    [
        {"patience": 1, "evaluations_per_run": 12},
        {"max_steps": 5, "evaluations_per_run": 2},
        {"augment": True},
    ],
    ids=["early stop", "in mid-epoch", "mirrored pictures"],
)
def test_a_run_killed_while_it_finishes_trains_no_more(
    tmp_path, toy_data, small_config, monkeypatch, changes
):
    config = replace(small_config, **changes)
    if config.patience:
        monkeypatch.setattr(groups, "heldout_metrics", no_better)
    whole = train(config, data=toy_data, output=tmp_path / "whole")
    with monkeypatch.context() as patched:
        patched.setattr(Finisher, "finish", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(config, data=toy_data, output=tmp_path / "cut")
    monkeypatch.setattr(groups.GroupTrainer, "training_step", interrupted)
    assert_same_models(train(config, data=toy_data, output=tmp_path / "cut"), whole)


def interrupted(*_, **__):
    raise KeyboardInterrupt


def test_patience_already_spent_stays_spent(tmp_path, toy_data, small_config, monkeypatch):
    monkeypatch.setattr(groups, "heldout_metrics", no_better)
    config = replace(small_config, patience=3, evaluations_per_run=12)

    def die(done, total, phase):
        if phase == "training" and done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(config, data=toy_data, output=tmp_path / "m", progress=die)
    assert train(config, data=toy_data, output=tmp_path / "m").steps == 4  # the first and three


def test_a_checkpoint_appears_with_its_card_and_curves_or_not_at_all(
    tmp_path, data, small_config, monkeypatch
):
    def full_disk(*_):
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(finishing, "write_card", full_disk)
        with pytest.raises(OSError, match="no space"):
            train(small_config, data=data, output=tmp_path / "m")
    assert not (tmp_path / "m").exists()
    output = train(small_config, data=data, output=tmp_path / "m").checkpoint
    assert (output / "card.md").is_file()
    assert any((output / "tensorboard").iterdir())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m", "toy"]


def test_a_wrong_setting_does_not_claim_the_folder(tmp_path, data, small_config):
    wrong = replace(small_config, frozen_parts=("wings",))
    with pytest.raises(ValueError, match="no part 'wings'"):
        train(wrong, data=data, output=tmp_path / "m")
    assert list(tmp_path.iterdir()) == [data]


def test_a_run_without_a_state_yields_to_other_settings(tmp_path, data, small_config):
    with pytest.raises(KeyboardInterrupt):
        train(small_config, data=data, output=tmp_path / "m", progress=interrupted)
    assert (run_folder(tmp_path / "m") / "run.json").is_file()
    config = replace(small_config, learning_rate=1e-3, max_steps=1)
    assert train(config, data=data, output=tmp_path / "m").steps == 1


@pytest.mark.parametrize(
    ("name", "what"),
    [("images/0-1.png", "images"), ("rubric.json", "content_sha256")],
    ids=["image", "rubric"],
)
def test_a_run_goes_on_with_its_own_data_only(begun, data, small_config, name, what):
    if name == "rubric.json":
        (data / name).write_text((data / name).read_text().replace("Visual Quality", "Beauty"))
    else:
        (data / name).write_bytes((data / "images" / "1-1.png").read_bytes())
    with pytest.raises(ValueError, match=rf"other settings or data \(.*{what}.*\)"):
        train(small_config, data=data, output=begun)


def cut(path):
    path.write_bytes(path.read_bytes()[:-7])


def test_another_number_of_processes_is_refused(begun, data, small_config, monkeypatch):
    """A step would hold other items, and the steps would be counted otherwise."""
    monkeypatch.setattr(claiming, "world_size", lambda: 2)
    with pytest.raises(ValueError, match=r"other settings or data \(processes\)"):
        train(small_config, data=data, output=begun)


@pytest.mark.parametrize("name", [INDEX_FILE, "pixels-0.bin"])
def test_an_image_cache_cut_short_is_built_anew(begun, data, small_config, name):
    (torn,) = run_folder(begun).glob(f"images/*/{name}")
    cut(torn)
    assert train(small_config, data=data, output=begun).metrics


def test_a_state_cut_short_is_passed_over(begun, data, small_config):
    folder = run_folder(begun)
    (folder / "checkpoint-2").mkdir()
    (folder / "checkpoint-2" / "trainer_state.json").write_text('{"global_st')
    assert last_state(folder).endswith("checkpoint-1")


def test_a_note_cut_short_is_not_taken_for_this_run(begun, data, small_config):
    cut(run_folder(begun) / "run.json")
    with pytest.raises(ValueError, match=r"\(run\.json\).*delete the folder"):
        train(small_config, data=data, output=begun)


def test_notes_and_indices_are_replaced_whole(begun):
    assert json.loads((run_folder(begun) / "run.json").read_text())["images"]
    assert not list(run_folder(begun).rglob(".*.draft"))


def test_one_process_at_a_time_trains_an_output_and_a_killed_one_lets_go(
    tmp_path, data, small_config
):
    output = tmp_path / "m"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(output)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(RuntimeError, match="another process trains"):
            train(small_config, data=data, output=output)
        other.kill()
    assert train(small_config, data=data, output=output).metrics
    with pytest.raises(FileExistsError, match="immutable"), hold_run(output):
        pass
