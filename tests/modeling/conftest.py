"""Fixtures of the reward model's tests."""

import json

import pytest
import torch

from modeling.config import TrainConfig
from modeling.trainer import train
from tests.modeling.forks import Forks
from tests.modeling.toy import write_toy

SMALL = {"pixels": 32, "patch": 4, "channels": (16, 16, 32), "hidden_size": 32, "word_size": 16}


@pytest.fixture(autouse=True, scope="session")
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def toy_data(tmp_path_factory):
    return write_toy(tmp_path_factory.mktemp("toy"), items=40)


@pytest.fixture
def small_config():
    return TrainConfig(
        backbone_options=SMALL, head_hidden=(16,), epochs=2, groups_per_batch=4, augment=False
    )


@pytest.fixture(scope="session")
def trained(tmp_path_factory, toy_data):
    """A model that has learned the toy world, and the result of its training."""
    config = TrainConfig(
        backbone_options=SMALL, head_hidden=(16,), epochs=30, groups_per_batch=6, learning_rate=4e-3
    )
    return train(config, data=toy_data, output=tmp_path_factory.mktemp("models") / "v1")


@pytest.fixture(scope="session")
def forks(tmp_path_factory):
    """Trains in processes that need not import torch each."""
    with Forks(tmp_path_factory.mktemp("forks") / "errors.txt") as started:
        yield started


@pytest.fixture
def manifest(tmp_path, toy_data):
    """One item of the toy world in the form that imports use."""
    row = json.loads((toy_data / "groups.jsonl").read_text().splitlines()[0])
    candidates = [
        {"candidate_id": each["candidate_id"], "image": str(toy_data / each["image"])}
        for each in row["candidates"][:2]
    ]
    path = tmp_path / "manifest.jsonl"
    item = {
        "item_id": "i",
        "instruction": "Make it red.",
        "source_image": str(toy_data / row["source_image"]),
        "candidates": candidates,
    }
    path.write_text(json.dumps(item) + "\n")
    return path
