"""Backbones kept in bf16: what learns is fp32 meanwhile, and bf16 again when judged and saved."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from modeling.checkpoint import CheckpointFacts, load_checkpoint, save_checkpoint
from modeling.config import (
    AggregationName,
    BackboneName,
    LoraSettings,
    PrecisionName,
    ScheduleName,
    TrainConfig,
)
from modeling.data import read_dataset
from modeling.model import Calibration, predict
from modeling.trainer import TrainingCancelledError, train
from modeling.trainer.building import build_trainable
from modeling.trainer.claiming import last_state, run_folder
from tests.modeling.backbones.qwen.tiny import RUBRIC, ragged_items, write_lively_folder
from tests.modeling.toy import write_toy

STEPS = 6
LORA = LoraSettings(rank=2, dropout=0.0)
REWARDS = "backbone.core.reward_embeddings"
USED = len(RUBRIC.dimensions)
WAYS = pytest.mark.parametrize("lora", [None, LORA], ids=["full", "lora"])
FAMILIES = pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    return write_toy(tmp_path_factory.mktemp("toy"), items=10, candidates=3)


def config_for(family, folder, dtype="bfloat16", **changes):
    """Rates as for real models: far less than what bf16 can tell from a weight of 0.1."""
    options = {"model": str(write_lively_folder(folder, family)), "dtype": dtype, "max_pixels": 576}
    plain = {
        "precision": PrecisionName.BF16,
        "learning_rate": 2e-6,
        "weight_decay": 0.0,
        "schedule": ScheduleName.CONSTANT,
        "warmup_ratio": 0.0,
        "max_steps": STEPS,
        "evaluations_per_run": 2,
        "groups_per_batch": 2,
        "head_hidden": (8,),
    }
    return TrainConfig(
        backbone=BackboneName(family), backbone_options=options, **{**plain, **changes}
    )


def cut_off(config, data, output):
    """Train half the steps; the state that was saved last."""
    asked = iter([*[False] * (STEPS // 2), True])
    with pytest.raises(TrainingCancelledError):
        train(config, data=data, output=output, should_stop=lambda: next(asked))
    return load_file(Path(last_state(run_folder(output))) / "model.safetensors")


def changed(config, data, output):
    """By trained parameter, which of its numbers half the training has changed."""
    network = build_trainable(config, read_dataset(data).rubric).network
    start = {name: each for name, each in network.named_parameters() if each.requires_grad}
    state = cut_off(config, data, output)
    return {name: state[name] != start[name] for name in start}


def share(moved):
    return torch.cat([each.flatten() for each in moved.values()]).double().mean().item()


@WAYS
@FAMILIES
def test_as_many_numbers_learn_as_in_fp32(family, lora, tmp_path, toy):
    moved, expected = (
        changed(
            config_for(family, tmp_path / dtype, dtype, lora=lora), toy, tmp_path / f"{dtype}-m"
        )
        for dtype in ("bfloat16", "float32")
    )
    assert moved.keys() == expected.keys()
    assert share(moved) == pytest.approx(share(expected), abs=0.005)
    assert moved[REWARDS][:USED].all()
    assert not moved[REWARDS][USED:].any()
    second = {name: each for name, each in moved.items() if "lora_B" in name}
    assert (share(second) > 0.99) if lora else not second


@pytest.mark.parametrize("frozen", [("vision",), ("text",), ("vision", "text")])
def test_what_is_frozen_stays_as_narrow_as_it_was(frozen, tmp_path):
    config = config_for("qwen3_vl", tmp_path, frozen_parts=frozen)
    network = build_trainable(config, RUBRIC).network
    for name, part in network.backbone.parts().items():
        kinds = {each.dtype for each in part.parameters()}
        assert kinds == ({torch.bfloat16} if name in frozen else {torch.float32}), name


@WAYS
@FAMILIES
def test_a_model_in_memory_scores_like_the_one_that_is_loaded(family, lora, tmp_path):
    config = config_for(family, tmp_path / "base", lora=lora)
    trainable = build_trainable(config, RUBRIC)
    trainable.network.eval()
    with torch.no_grad():
        for parameter in trainable.network.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * 0.05)
    trainable.merge()
    facts = CheckpointFacts(config.backbone, AggregationName.SUM)
    save_checkpoint(tmp_path / "model", trainable.network, facts)
    loaded = load_checkpoint(tmp_path / "model").network
    held, read = trainable.network.state_dict(), loaded.state_dict()
    assert held.keys() == read.keys()
    assert all(held[name].dtype is read[name].dtype for name in held)
    assert all(torch.equal(held[name], read[name]) for name in held)
    assert held[REWARDS].dtype is torch.float32
    assert {each.dtype for each in loaded.backbone.core.model.parameters()} == {torch.bfloat16}
    groups = [loaded.backbone.prepare(item, RUBRIC) for item in ragged_items()]
    first, second = (
        predict(network, groups, aggregation=AggregationName.SUM, calibration=Calibration())
        for network in (trainable.network, loaded)
    )
    assert all((a.mean == b.mean).all() for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("precision", list(PrecisionName))
@WAYS
def test_a_run_that_was_cut_off_goes_on_to_the_very_same_model(lora, precision, tmp_path, toy):
    config = config_for(
        "qwen2_5_vl",
        tmp_path / "base",
        lora=lora,
        precision=precision,
        learning_rate=1e-3,
        gradient_checkpointing=True,
        frozen_parts=("vision",),
    )
    whole = train(config, data=toy, output=tmp_path / "whole")
    cut_off(config, toy, tmp_path / "cut")
    resumed = train(config, data=toy, output=tmp_path / "cut")
    assert resumed.metrics == whole.metrics
    states = [load_file(each.checkpoint / "model.safetensors") for each in (whole, resumed)]
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    assert states[0][REWARDS].dtype is torch.float32
