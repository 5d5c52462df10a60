"""Images are brought to the pixel budget once, wherever they come from."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from modeling.cli import main
from modeling.cli.evaluate import open_row
from modeling.config import BackboneName, TrainConfig
from modeling.data import read_dataset
from modeling.trainer import train
from modeling.trainer.building import build_trainable
from modeling.trainer.finishing import probe_items
from modeling.trainer.sets import open_images, open_sets
from tests.modeling.backbones.qwen.tiny import (
    RUBRIC,
    picture,
    ragged_items,
    tiny_backbone,
    write_folder,
)
from tests.modeling.toy import write_toy

PIXELS = 1000  # a square of 48 becomes one of 24, and that again one of 32


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    return write_toy(tmp_path_factory.mktemp("toy"), items=10, candidates=3)


@pytest.fixture
def config(tmp_path):
    return TrainConfig(
        backbone=BackboneName.QWEN2_5_VL,
        backbone_options={
            "model": str(write_folder(tmp_path / "base", "qwen2_5_vl")),
            "random_weights": True,
            "min_pixels": PIXELS,
            "max_pixels": PIXELS,
        },
        head_hidden=(8,),
        groups_per_batch=2,
        max_steps=3,
        evaluations_per_run=1,
        learning_rate=1e-2,
    )


def test_cached_images_are_cut_into_the_patches_of_the_files_themselves(config, toy, tmp_path):
    dataset = read_dataset(toy)
    backbone = build_trainable(config, dataset.rubric).network.backbone
    assert backbone.fit_image(backbone.fit_image(Image.new("RGB", (48, 48)))).size == (32, 32)
    images = open_images(dataset, backbone, tmp_path / "images", lambda *_: None)
    held = open_sets(config, dataset, backbone, images).test
    for index, row in enumerate(held.rows):
        alone = backbone.prepare(open_row(row, dataset), dataset.rubric)
        for name, expected in alone.tensors.items():
            assert torch.equal(held[index].prepared.tensors[name], expected), name
    assert all(item.inputs.fitted for item in probe_items(held))


def test_training_and_evaluate_give_the_same_test_figures(config, toy, tmp_path, capsys):
    result = train(config, data=toy, output=tmp_path / "model")
    capsys.readouterr()
    assert main(["evaluate", str(result.checkpoint), str(toy)]) == 0
    found = json.loads(capsys.readouterr().out)
    del found["evaluation"]
    assert found == pytest.approx(result.metrics["test"], abs=1e-5)


@pytest.mark.parametrize(("broken", "told"), [(0, "source"), (1, "candidate 'c0'")])
def test_a_sliver_is_named_with_its_item_and_place(broken, told, tmp_path):
    backbone = tiny_backbone(tmp_path, "qwen2_5_vl")
    sliver = picture(np.random.default_rng(0), 900, 4)
    item = ragged_items()[1]
    item = (
        replace(item, source=sliver) if not broken else replace(item, candidates=(("c0", sliver),))
    )
    with pytest.raises(ValueError, match=rf"{told} of item 'item1': absolute aspect ratio"):
        backbone.prepare(item, RUBRIC)
