"""Two gloo processes must do exactly what one process with twice the batch does."""

import json
import math
import subprocess
import sys

import pytest

from modeling.config import TrainConfig
from modeling.trainer import train
from tests.modeling.backbones.qwen.tiny import write_lively_folder
from tests.modeling.conftest import SMALL
from tests.modeling.toy import write_toy

WRAP = "wrap=6000"  # parameters; a decoder layer, the vision tower and the vocabulary have more


def settings(**changed):
    """Four steps with a rate high enough for a wrong gradient to show."""
    plain = {
        "backbone_options": SMALL,
        "head_hidden": [16],
        "max_steps": 4,
        "learning_rate": 0.02,
        "warmup_ratio": 0.0,
        "schedule": "constant",
        "augment": False,
        "evaluations_per_run": 1,
    }
    return {**plain, **changed}


def qwen_settings(folder, family, **changed):
    options = {"model": str(write_lively_folder(folder, family)), "max_pixels": 576}
    return settings(backbone=family, backbone_options=options, learning_rate=0.03, **changed)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_toy(tmp_path_factory.mktemp("toy"), items=20, candidates=3)


@pytest.fixture(scope="module")
def alone(tmp_path_factory, data):
    return train_alone(settings(), data, tmp_path_factory.mktemp("m") / "alone")


def train_alone(plain, data, output):
    config = TrainConfig.from_json({**plain, "groups_per_batch": 4})
    return train(config, data=data, output=output).metrics


def train_in_two_processes(forks, data, output, config, *words):
    assert forks.run(2, "train", data, output, json.dumps(config), *words) == 0
    return json.loads(output.with_suffix(".json").read_text())


@pytest.mark.slow
def test_torchrun_starts_them_too(tmp_path, data, alone):
    config = json.dumps(settings(groups_per_batch=2))
    output = tmp_path / "two"
    subprocess.run(
        [
            *(sys.executable, "-m", "torch.distributed.run", "--standalone"),
            *("--nproc_per_node", "2"),
            *("-m", "tests.modeling.worker", str(data), str(output), config),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    assert_alike(json.loads(output.with_suffix(".json").read_text()), alone)


def assert_alike(together, alone):
    """Equal to a twentieth of what training has changed, so that a wrong gradient must show."""
    for split in ("validation", "test"):
        learned = abs(alone[split]["pair_nll"] - math.log(2))
        assert learned > 1e-6
        expected = pytest.approx(alone[split]["pair_nll"], abs=min(2e-4, learned / 20))
        assert together[split]["pair_nll"] == expected
        assert together[split]["accuracy"] == pytest.approx(alone[split]["accuracy"])


@pytest.mark.slow
@pytest.mark.parametrize("sharded", [False, True], ids=["copied", "sharded"])
def test_two_processes_reach_the_single_process_result(tmp_path, forks, data, alone, sharded):
    config = settings(groups_per_batch=2, fsdp=sharded)
    assert_alike(train_in_two_processes(forks, data, tmp_path / "two", config), alone)


@pytest.mark.slow
def test_one_process_short_of_memory_at_its_first_step_holds_up_nobody(
    tmp_path, forks, data, alone
):
    output = tmp_path / "two"
    config = json.dumps(settings(groups_per_batch=2))
    assert forks.run(2, "train_short_of_memory", data, output, config) == 0
    assert_alike(json.loads(output.with_suffix(".json").read_text()), alone)


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_a_network_that_was_judged_in_mid_run_learns_in_training_mode_again(
    tmp_path, forks, data, processes
):
    config = json.dumps(settings(evaluations_per_run=4, groups_per_batch=2))
    words = (data, tmp_path / "model", config)
    assert forks.run(processes, "train_in_training_mode", *words) == 0, forks.said()


@pytest.mark.slow
@pytest.mark.parametrize("sharded", [False, True], ids=["copied", "sharded"])
def test_items_that_fill_no_whole_step_count_once(tmp_path, forks, sharded):
    """Thirteen items: in the last of four steps one process has a single item, the other none."""
    data = write_toy(tmp_path / "toy", items=21, candidates=3)
    expected = train_alone(settings(), data, tmp_path / "alone")
    config = settings(groups_per_batch=2, fsdp=sharded)
    assert_alike(train_in_two_processes(forks, data, tmp_path / "two", config), expected)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_qwen_copied_and_sharded_by_layers_reaches_the_single_process_result(
    tmp_path, forks, data, family
):
    plain = qwen_settings(tmp_path / "base", family)
    expected = train_alone(plain, data, tmp_path / "alone")
    for sharded, words in ((False, ()), (True, (WRAP,))):
        config = {**plain, "groups_per_batch": 2, "fsdp": sharded}
        output = tmp_path / f"sharded-{sharded}"
        assert_alike(train_in_two_processes(forks, data, output, config, *words), expected)


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"precision": "bf16", "frozen_parts": ["vision"]},
        {"precision": "bf16", "lora": {"rank": 4, "dropout": 0.0}, "frozen_parts": ["vision"]},
        {"lora": {"rank": 4, "dropout": 0.0}, "frozen_parts": ["vision"]},
    ],
    ids=["full in bf16", "lora in bf16", "lora"],
)
def test_fp32_that_learns_beside_frozen_bf16_is_sharded_too(tmp_path, forks, data, changes):
    plain = qwen_settings(tmp_path / "base", "qwen3_vl", groups_per_batch=2, **changes)
    plain["backbone_options"]["dtype"] = "bfloat16"
    copied, sharded = (
        train_in_two_processes(
            forks, data, tmp_path / f"sharded-{fsdp}", {**plain, "fsdp": fsdp}, WRAP
        )
        for fsdp in (False, True)
    )
    assert_alike(sharded, copied)
