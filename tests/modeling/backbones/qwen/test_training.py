"""The whole way with tiny models: train, be cut off, resume, save, load, score."""

import json
import signal
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from modeling.config import (
    BackboneName,
    LoraSettings,
    PrecisionName,
    ScheduleName,
    TrainConfig,
)
from modeling.data import read_dataset
from modeling.scorer import RewardModel, ScoreItem
from modeling.trainer import TrainingCancelledError, train
from modeling.trainer.building import build_trainable
from modeling.trainer.claiming import last_state, run_folder
from tests.modeling.backbones.qwen.tiny import write_folder
from tests.modeling.toy import write_toy


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    return write_toy(tmp_path_factory.mktemp("toy"), items=10, candidates=3)


def config_for(family, folder, **changes):
    return TrainConfig(
        backbone=BackboneName(family),
        backbone_options={
            "model": str(write_folder(folder, family)),
            "random_weights": True,
            "max_pixels": 576,
        },
        head_hidden=(8,),
        groups_per_batch=2,
        **{"max_steps": 3, "evaluations_per_run": 3, "learning_rate": 1e-3, **changes},
    )


def toy_item(toy):
    images = toy / "images"
    edits = {f"c{number}": images / f"0-{number}.png" for number in range(3)}
    return ScoreItem("item-0", "Make the square red.", images / "0-source.png", edits)


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_a_tiny_model_trains_is_cut_off_resumes_saves_loads_and_scores(family, tmp_path, toy):
    config = config_for(family, tmp_path / "base")
    whole = train(config, data=toy, output=tmp_path / "whole")
    asked = iter([False, True])
    with pytest.raises(TrainingCancelledError):
        train(config, data=toy, output=tmp_path / "cut", should_stop=lambda: next(asked))
    resumed = train(config, data=toy, output=tmp_path / "cut")
    assert resumed.steps == whole.steps == 3
    assert resumed.metrics == whole.metrics
    scores = [
        RewardModel.from_pretrained(result.checkpoint).score(items=[toy_item(toy)])
        for result in (whole, resumed)
    ]
    assert scores[0] == scores[1]
    assert scores[0][0]["c2"]["vq_std"] > 0


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_a_process_killed_in_mid_run_goes_on_to_the_very_same_model(family, tmp_path, forks, toy):
    config = config_for(
        family, tmp_path / "base", lora=LoraSettings(rank=2, alpha=4), head_dropout=0.1
    )
    whole = train(config, data=toy, output=tmp_path / "whole")
    killed = forks.run(1, "train", toy, tmp_path / "cut", json.dumps(config.to_json()), "die=2")
    assert killed == 128 + signal.SIGKILL
    assert last_state(run_folder(tmp_path / "cut")).endswith("checkpoint-1")
    assert not (tmp_path / "cut").exists()
    resumed = train(config, data=toy, output=tmp_path / "cut")
    assert resumed.metrics == whole.metrics
    states = [load_file(each.checkpoint / "model.safetensors") for each in (whole, resumed)]
    assert states[0].keys() == states[1].keys()
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


@pytest.mark.parametrize(
    ("changes", "still"),
    [
        ({"precision": PrecisionName.BF16, "gradient_checkpointing": True}, set()),
        (
            {"frozen_parts": ("vision", "text"), "schedule": ScheduleName.CONSTANT},
            {"vision", "text"},
        ),
        ({"frozen_parts": ("text",), "schedule": ScheduleName.COSINE}, {"text"}),
        (
            {"lora": LoraSettings(rank=2, alpha=4, dropout=0.0), "precision": PrecisionName.BF16},
            set(),
        ),
    ],
    ids=["bf16", "frozen", "vision only", "lora in bf16"],
)
def test_every_way_of_training_repeats_itself_to_the_bit(changes, still, tmp_path, toy):
    # The first step counts: the best state may be its, and a warm-up would begin with rate 0.
    settings = {"max_steps": 2, "warmup_ratio": 0.0, **changes}
    config = config_for("qwen3_vl", tmp_path / "base", **settings)
    states = []
    for name in ("a", "b"):
        result = train(config, data=toy, output=tmp_path / name)
        states.append(load_file(result.checkpoint / "model.safetensors"))
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    start = build_trainable(replace(config, lora=None), read_dataset(toy).rubric).network
    for part, prefix in (("vision", ".visual."), ("text", ".language_model.")):
        named = {name: each for name, each in start.state_dict().items() if prefix in name}
        assert named
        same = all(torch.equal(states[0][name], each) for name, each in named.items())
        assert same == (part in still), part


def test_training_moves_the_vision_tower_the_decoder_and_the_used_reward_tokens(tmp_path, toy):
    settings = {"max_steps": 2, "evaluations_per_run": 1, "warmup_ratio": 0.0}
    states = []
    for rate in (1e-12, 1e-2):
        config = config_for(
            "qwen2_5_vl", tmp_path / "base", learning_rate=rate, weight_decay=0.0, **settings
        )
        result = train(config, data=toy, output=tmp_path / str(rate))
        states.append(RewardModel.from_pretrained(result.checkpoint).loaded.network.state_dict())
    still, moved = states
    core = "backbone.core."
    for name in (
        "model.visual.patch_embed.proj.weight",
        "model.visual.merger.mlp.0.weight",
        "model.language_model.layers.0.mlp.up_proj.weight",
    ):
        assert (still[core + name] - moved[core + name]).abs().max() > 1e-3, name
    rewards = (still[core + "reward_embeddings"] - moved[core + "reward_embeddings"]).abs()
    assert rewards[:2].max() > 1e-3
    assert rewards[2:].max() < 1e-6  # the rubric has two dimensions


def test_adapters_with_a_frozen_vision_tower_and_checkpointing_train_and_merge(tmp_path, toy):
    config = config_for(
        "qwen2_5_vl",
        tmp_path / "base",
        max_steps=1,
        lora=LoraSettings(rank=2, alpha=4),
        frozen_parts=("vision",),
        gradient_checkpointing=True,
    )
    result = train(config, data=toy, output=tmp_path / "m")
    (scores,) = RewardModel.from_pretrained(result.checkpoint).score(items=[toy_item(toy)])
    assert len(scores.candidates) == 3
