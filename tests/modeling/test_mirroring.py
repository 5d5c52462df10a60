"""Which items are mirrored while training."""

import json

import pytest
from PIL import Image

from modeling.backbones.compact import CompactBackbone
from modeling.config import TieMode
from modeling.data import GroupDataset, read_dataset
from tests.modeling.caches import build_cache
from tests.modeling.conftest import SMALL
from tests.modeling.toy import write_toy


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = write_toy(tmp_path_factory.mktemp("toy"), items=1, candidates=2)
    half = Image.new("RGB", (32, 32), "white")
    half.paste("black", (0, 0, 16, 32))
    half.save(folder / "images" / "0-source.png")
    return folder


def sources(folder, instruction, cache):
    """The source's first pixel in each of twelve epochs."""
    row = json.loads((folder / "groups.jsonl").read_text())
    (folder / "groups.jsonl").write_text(json.dumps({**row, "instruction": instruction}) + "\n")
    dataset = read_dataset(folder)
    backbone = CompactBackbone.create(SMALL)
    paths = [dataset.path(name) for group in dataset.groups for name in group.image_names]
    groups = GroupDataset(
        dataset.groups,
        dataset=dataset,
        backbone=backbone,
        images=build_cache(cache, paths, backbone.fit_image),
        ties=TieMode.DIMENSION,
        augment_seed=1,
    )
    found = set()
    for epoch in range(12):
        groups.set_epoch(epoch)
        found.add(groups.inputs(0).source.getpixel((0, 0)))
    return found


@pytest.mark.parametrize(
    "instruction",
    [
        "Remove the leftmost cat.",
        "Move it to the RIGHT.",
        "Rotate the clock hands clockwise.",
        "Turn it counter-clockwise.",
        "Turn it anticlockwise.",
        "把左边的猫去掉",
        "给右侧加一棵树",
        "顺时针旋转",
        "逆時針旋轉",
    ],
)
def test_a_picture_whose_sides_are_named_is_never_mirrored(folder, instruction, tmp_path):
    assert sources(folder, instruction, tmp_path / "cache") == {(0, 0, 0)}


@pytest.mark.parametrize("instruction", ["Make the sky brighter.", "把天空变亮"])
def test_other_pictures_are_mirrored_in_some_epochs(folder, instruction, tmp_path):
    assert sources(folder, instruction, tmp_path / "cache") == {(0, 0, 0), (255, 255, 255)}
