"""Every way of training must run, and do what its name says."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from modeling.backbones import ItemInputs, PreparedGroup
from modeling.backbones.compact import CompactBackbone, CompactShape, cut_patches
from modeling.checkpoint import CheckpointError, load_checkpoint
from modeling.config import (
    AggregationName,
    HeadName,
    LoraSettings,
    LossName,
    LossSettings,
    PrecisionName,
    RubricText,
    ScheduleName,
    TieMode,
    TrainConfig,
)
from modeling.model import LastLayerLaplace
from modeling.scorer import RewardModel, ScoreItem
from modeling.trainer import train
from modeling.trainer.building import build_trainable
from tests.modeling.conftest import SMALL
from tests.modeling.toy import RUBRIC

TINY = {**SMALL, "pixels": 16}
RUBRIC_TEXT = RubricText.from_json(RUBRIC)


@pytest.fixture
def short():
    return TrainConfig(backbone_options=TINY, head_hidden=(8,), max_steps=2, evaluations_per_run=1)


@pytest.mark.parametrize("ranking", list(LossName))
def test_every_loss_trains(tmp_path, toy_data, short, ranking):
    config = replace(short, loss=LossSettings(ranking=ranking, samples=20))
    assert train(config, data=toy_data, output=tmp_path / "m").steps == 2


@pytest.mark.parametrize(
    "change",
    [
        {"head": HeadName.SHARED, "schedule": ScheduleName.CONSTANT},
        {"loss": LossSettings(aggregation=AggregationName.MIN, ties=TieMode.FUSED)},
        {"loss": LossSettings(aggregation=AggregationName.SUM, ties=TieMode.DROP)},
        {"precision": PrecisionName.BF16, "gradient_checkpointing": True},
        {"workers": 1, "patience": 1},
    ],
    ids=["shared", "min", "sum", "bf16", "workers"],
)
def test_every_variant_trains(tmp_path, toy_data, short, change):
    assert train(replace(short, **change), data=toy_data, output=tmp_path / "m").steps == 2


def test_an_ensemble_is_unsure_where_its_members_differ(tmp_path, toy_data, short):
    config = replace(short, ensemble=3)
    output = train(config, data=toy_data, output=tmp_path / "m").checkpoint
    model = RewardModel.from_pretrained(output)
    assert len(model.loaded.network.heads.members) == 3
    (scores,) = model.score(items=[toy_item(toy_data)])
    members = []
    for kept in model.loaded.network.heads.members:
        alone = RewardModel.from_pretrained(output)
        alone.loaded.network.heads.members = torch.nn.ModuleList([kept])
        (found,) = alone.score(items=[toy_item(toy_data)])
        members.append([each["if_mean"] for each in found.candidates])
    spread = np.std(members, axis=0, ddof=1)
    assert spread.min() > 1e-3
    told = [each["if_epistemic_std"] for each in scores.candidates]
    assert told == pytest.approx(list(spread), rel=1e-4)


def toy_item(data):
    edits = {f"c{n}": data / "images" / f"4-{n}.png" for n in range(4)}
    source = data / "images" / "4-source.png"
    return ScoreItem("item-4", "Make the square green.", source, edits)


def test_a_shared_head_has_one_posterior_that_all_dimensions_are_unsure_by(
    tmp_path, toy_data, short
):
    config = replace(short, head=HeadName.SHARED)
    output = train(config, data=toy_data, output=tmp_path / "m").checkpoint
    laplace = load_checkpoint(output).laplace
    assert laplace.cholesky.shape == (1, 8, 8)
    features = torch.tensor([[[3.0, 4.0], [3.0, 4.0]]])
    factor = LastLayerLaplace(torch.eye(2).unsqueeze(0)).factor(features)[0]
    assert factor.square().sum(dim=1).tolist() == [25, 25]
    assert factor.sum(dim=0).square().sum() == 100  # the same weights: deviations add up


def test_adapters_train_little_and_leave_a_plain_checkpoint(tmp_path, toy_data, short):
    config = replace(short, lora=LoraSettings(rank=2, targets=("patch_film.film",)))
    network = build_trainable(config, RUBRIC_TEXT).network
    trained = {name for name, p in network.backbone.named_parameters() if p.requires_grad}
    assert trained == {
        "encoder.patch_film.film.lora_A.default.weight",
        "encoder.patch_film.film.lora_B.default.weight",
        "mix.0.weight",
        "mix.0.bias",
    }
    output = train(config, data=toy_data, output=tmp_path / "m").checkpoint
    names = load_checkpoint(output).network.state_dict()
    assert not [name for name in names if "lora" in name]


def test_weights_that_fit_no_network_are_refused(tmp_path, toy_data, short):
    output = train(short, data=toy_data, output=tmp_path / "m").checkpoint
    facts = json.loads((output / "config.json").read_text())
    facts["backbone"]["config"]["channels"] = [8, 8]
    (output / "config.json").write_text(json.dumps(facts))
    with pytest.raises(CheckpointError):
        load_checkpoint(output)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ({"pixels": 30}, "patches of 8 do not tile 30"),
        ({"channels": (12, 16)}, "multiples of 8"),
        ({"pixels": 24, "channels": (8, 8, 8)}, "3 patches a side cannot be halved 2 times"),
    ],
)
def test_shapes_that_no_layer_fits_are_refused(shape, message):
    with pytest.raises(ValueError, match=message):
        CompactShape(**shape)


def test_frozen_parts_stay_as_they_were_created(tmp_path, toy_data, short):
    config = replace(short, frozen_parts=("vision",))
    before = build_trainable(config, RUBRIC_TEXT).network.backbone.parts()["vision"].state_dict()
    output = train(config, data=toy_data, output=tmp_path / "m").checkpoint
    after = load_checkpoint(output).network.backbone.parts()["vision"].state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    with pytest.raises(ValueError, match="no part 'wings' to freeze; there are vision, text"):
        build_trainable(replace(short, frozen_parts=("wings",)), RUBRIC_TEXT)


def test_recomputed_activations_give_the_same_gradients():
    backbone = CompactBackbone(CompactShape(**TINY))
    patches = torch.randint(0, 255, (3, 16, 48), dtype=torch.uint8)
    group = PreparedGroup(
        "i",
        ("a", "b", "c"),
        {
            "source": patches[0],
            "edits": patches,
            "instruction": torch.tensor([5, 9]),
            "dimensions": torch.tensor([[3, 0], [4, 7]]),
        },
    )
    gradients = []
    for recompute in (False, True):
        backbone.zero_grad()
        if recompute:
            backbone.enable_gradient_checkpointing()
        backbone([group]).square().sum().backward()
        gradients.append([p.grad.clone() for p in backbone.parameters()])
    for plain, recomputed in zip(*gradients, strict=True):
        assert torch.allclose(plain, recomputed, atol=1e-5)


def test_the_stem_equals_one_convolution_over_the_stacked_images():
    stem = CompactBackbone(CompactShape(**TINY)).encoder.stem
    pixels = np.random.default_rng(0).integers(0, 255, (5, 16, 16, 3), dtype=np.uint8)
    patches = torch.stack([cut_patches(each, 4) for each in pixels])
    item = torch.tensor([0, 0, 1])
    found = stem(patches[:2], patches[2:], item).unflatten(1, (4, 4)).permute(0, 3, 1, 2)
    images = torch.from_numpy(pixels).permute(0, 3, 1, 2) / 127.5 - 1
    sources, edits = images[:2][item], images[2:]
    stacked = torch.cat([sources, edits, edits - sources, (edits - sources).abs()], dim=1)
    kernels = stem.weight.reshape(-1, 4, 4, 4, 3).permute(0, 1, 4, 2, 3).flatten(1, 2)
    whole = torch.nn.functional.conv2d(stacked, kernels, stride=4)
    assert torch.allclose(found, whole, atol=1e-5)


def test_settings_survive_a_round_trip_and_unknown_ones_are_refused(short):
    config = replace(short, lora=LoraSettings(), loss=LossSettings(ranking=LossName.THURSTONE))
    assert TrainConfig.from_json(config.to_json()) == config
    with pytest.raises(ValueError, match="unknown training settings: colour"):
        TrainConfig.from_json({"colour": "red"})


def test_the_compact_backbone_refuses_a_batch_of_two_rubrics():
    backbone = CompactBackbone(CompactShape(**TINY))
    reworded = replace(RUBRIC_TEXT.dimensions[0], wording="obeys to the letter.")
    other = RubricText((reworded, *RUBRIC_TEXT.dimensions[1:]))
    grey = Image.new("RGB", (16, 16), "grey")
    inputs = ItemInputs("i", "Make it red.", grey, (("a", grey),))
    first, second, third = (
        backbone.prepare(inputs, rubric) for rubric in (RUBRIC_TEXT, RUBRIC_TEXT, other)
    )
    assert backbone([first, second]).shape == (2, 2, TINY["hidden_size"])
    with pytest.raises(ValueError, match="must have one rubric"):
        backbone([first, third])
