"""Two gloo processes must do exactly what one process with twice the batch does."""

import json
import socket
import subprocess
import sys

import pytest

from modeling.config import TrainConfig
from modeling.trainer import train
from tests.modeling.conftest import SMALL
from tests.modeling.toy import write_toy


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


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_toy(tmp_path_factory.mktemp("toy"), items=20, candidates=3)


@pytest.fixture(scope="module")
def alone(tmp_path_factory, data):
    config = TrainConfig.from_json(settings(groups_per_batch=4))
    return train(config, data=data, output=tmp_path_factory.mktemp("m") / "alone").metrics


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def train_in_two_processes(data, output, config):
    subprocess.run(
        [
            sys.executable,
            *("-m", "torch.distributed.run", "--nproc_per_node", "2"),
            *("--master_port", str(free_port())),
            *("-m", "tests.modeling.worker", str(data), str(output), json.dumps(config)),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    return json.loads(output.with_suffix(".json").read_text())


@pytest.mark.slow
@pytest.mark.parametrize("sharded", [False, True], ids=["copied", "sharded"])
def test_two_processes_reach_the_single_process_result(tmp_path, data, alone, sharded):
    config = settings(groups_per_batch=2, fsdp=sharded)
    together = train_in_two_processes(data, tmp_path / "two", config)
    for split in ("validation", "test"):
        assert together[split]["pair_nll"] == pytest.approx(alone[split]["pair_nll"], abs=2e-4)
        assert together[split]["accuracy"] == pytest.approx(alone[split]["accuracy"])
