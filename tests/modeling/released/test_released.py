"""Checkpoints of the published layout with random weights: they load and score exactly."""

import json
import math
from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from modeling.backbones.qwen.files import MissingFilesError
from modeling.backbones.qwen.positions import PositionLayout
from modeling.config import AggregationName
from modeling.heads import Gaussian
from modeling.released import (
    Pooling,
    RatingPrompt,
    ReleasedRewardModel,
    default_prompts,
    read_prompts,
)
from modeling.released.layout import pool
from tests.modeling.backbones.qwen.tiny import train_tokenizer, write_folder
from tests.modeling.released.checkpoints import LAYOUT, items, plain_outputs, write_checkpoint


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
@pytest.mark.parametrize("positions", list(PositionLayout))
def test_scores_equal_the_plain_forward_of_both_prompts(family, positions, tmp_path):
    model, heads = write_checkpoint(tmp_path, family)
    layout = replace(LAYOUT, positions=positions)
    released = ReleasedRewardModel.from_pretrained(tmp_path, layout=layout)
    results = released.score(items=items())
    for item, result in zip(items(), results, strict=True):
        assert result.item_id == item.item_id
        for name, edited in item.candidates.items():
            for number, key in enumerate(("if", "vq")):
                mean, log_std = plain_outputs(
                    released.network, (tmp_path, model, heads), item, edited, number,
                    sequential=positions is PositionLayout.SEQUENTIAL,
                )  # fmt: skip
                assert result[name][f"{key}_mean"] == pytest.approx(float(mean), abs=1e-4)
                assert result[name][f"{key}_std"] == pytest.approx(
                    math.exp(float(log_std)), rel=1e-4
                )


def test_every_candidate_has_named_values_and_the_published_mean(tmp_path):
    write_checkpoint(tmp_path, "qwen2_5_vl")
    released = ReleasedRewardModel.from_pretrained(tmp_path, layout=LAYOUT)
    told = []
    first, second = released.score(
        items=items(), batch_size=1, progress=lambda *step: told.append(step)
    )
    assert [candidate.candidate_id for candidate in first.candidates] == ["x", "y", "z"]
    values = second["x"].values
    assert set(values) == {
        "if_mean", "if_std", "vq_mean", "vq_std", "overall_mean", "overall_std",
    }  # fmt: skip
    assert values["overall_mean"] == pytest.approx((values["if_mean"] + values["vq_mean"]) / 2)
    assert values["overall_std"] == pytest.approx(math.sqrt(values["if_std"] * values["vq_std"]))
    assert told == [(1, 2, "scoring"), (2, 2, "scoring")]


def test_shared_parts_are_computed_once(tmp_path):
    write_checkpoint(tmp_path, "qwen2_5_vl")
    network = ReleasedRewardModel.from_pretrained(tmp_path, layout=LAYOUT).network
    plan = network.plan([item.open() for item in items()])
    sources = plan.children(None)
    edits = [child for index in sources for child in plan.children(index)]
    texts = [child for index in edits for child in plan.children(index)]
    assert (len(sources), len(edits), len(texts)) == (2, 4, 8)
    assert len(plan.grids) == 6  # two sources and four edits, however many prompts show them


def test_pickled_weights_and_the_newer_key_layout_give_the_same_scores(tmp_path):
    write_checkpoint(tmp_path / "a", "qwen2_5_vl")
    write_checkpoint(tmp_path / "b", "qwen2_5_vl", old=False, pickled=True)
    first, second = (
        ReleasedRewardModel.from_pretrained(tmp_path / name, layout=LAYOUT) for name in "ab"
    )
    assert first.score(items=items()) == second.score(items=items())


def test_a_shared_head_answers_both_prompts(tmp_path):
    model, heads = write_checkpoint(tmp_path, "qwen2_5_vl", shared=True)
    released = ReleasedRewardModel.from_pretrained(tmp_path, layout=LAYOUT)
    item = items()[1]
    (result,) = released.score(items=[item])
    expected = plain_outputs(
        released.network, (tmp_path, model, heads), item, item.candidates["x"], 1
    )
    assert result["x"]["vq_mean"] == pytest.approx(float(expected[0]), abs=1e-4)


def test_a_pickle_with_code_in_it_is_not_run(tmp_path):
    write_checkpoint(tmp_path, "qwen2_5_vl")
    (tmp_path / "model.safetensors").unlink()
    torch.save({"model": print}, tmp_path / "model.pth")
    with pytest.raises(Exception, match="Weights only load failed"):
        ReleasedRewardModel.from_pretrained(tmp_path, layout=LAYOUT)


def test_a_base_tokenizer_gets_the_reward_token_as_its_next_row(tmp_path):
    write_checkpoint(tmp_path / "weights", "qwen2_5_vl")
    base = write_folder(tmp_path / "base", "qwen2_5_vl")
    expected = ReleasedRewardModel.from_pretrained(tmp_path / "weights", layout=LAYOUT)
    for name in ("config.json", "tokenizer.json", "preprocessor_config.json"):
        (tmp_path / "weights" / name).unlink()
    with pytest.raises(MissingFilesError, match="name its base model"):
        ReleasedRewardModel.from_pretrained(tmp_path / "weights", layout=LAYOUT)
    released = ReleasedRewardModel.from_pretrained(
        tmp_path / "weights", base=str(base), layout=LAYOUT
    )
    asked = default_prompts()[0], "make it white"
    assert released.network.writer.pieces(*asked) == expected.network.writer.pieces(*asked)
    train_tokenizer("<|a|>", "<|b|>").save(str(base / "tokenizer.json"))
    with pytest.raises(ValueError, match="pass the checkpoint's own tokenizer"):
        ReleasedRewardModel.from_pretrained(tmp_path / "weights", base=str(base), layout=LAYOUT)


def test_weights_without_heads_or_with_other_heads_are_refused(tmp_path):
    model, _ = write_checkpoint(tmp_path, "qwen2_5_vl")
    bare = {key: value.clone() for key, value in model.state_dict().items()}
    save_file(bare, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match=r"no head 'rm_heads\.head_0'"):
        ReleasedRewardModel.from_pretrained(tmp_path, layout=LAYOUT)
    linear = {"rm_heads.head_0.weight": torch.zeros(2, 32)}
    save_file(bare | linear, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match="another layout"):
        ReleasedRewardModel.from_pretrained(tmp_path, layout=LAYOUT)


def test_a_folder_without_weights_says_so(tmp_path):
    with pytest.raises(MissingFilesError, match=r"model\.pth or model\.safetensors"):
        ReleasedRewardModel.from_pretrained(tmp_path)


def test_a_folder_of_another_architecture_is_refused(tmp_path):
    write_checkpoint(tmp_path, "qwen2_5_vl")
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "model_type": "qwen2_vl"}))
    with pytest.raises(ValueError, match="contains a 'qwen2_vl' model"):
        ReleasedRewardModel.from_pretrained(tmp_path, layout=LAYOUT)


@pytest.mark.parametrize(
    ("aggregation", "mean", "std"),
    [
        (AggregationName.MEAN, 2.0, 2.0),  # exp((log 1 + log 4) / 2)
        (AggregationName.MIN, 1.0, 1.0),  # μ of one head, σ of the other
        (AggregationName.SUM, 4.0, math.sqrt(17)),
    ],
)
def test_published_pooling_by_hand(aggregation, mean, std):
    scores = Gaussian(torch.tensor([[1.0, 3.0]]), torch.tensor([[4.0, 1.0]]))
    overall = pool(scores, replace(LAYOUT, aggregation=aggregation))
    assert float(overall.mean) == pytest.approx(mean)
    assert float(overall.std) == pytest.approx(std)


def test_propagated_pooling_of_the_mean_halves_the_root_sum_of_squares():
    scores = Gaussian(torch.tensor([[1.0, 3.0]]), torch.tensor([[4.0, 3.0]]))
    overall = pool(scores, replace(LAYOUT, pooling=Pooling.PROPAGATED))
    assert float(overall.std) == pytest.approx(2.5)


def test_prompts_may_come_from_a_users_files(tmp_path):
    for key, mark in (("if", "\ufeff"), ("vq", "")):  # an editor's byte order mark
        text = f"{mark}{key} {{text_prompt}} rate: <|Reward|>\r\nEND\n"
        (tmp_path / f"{key}.txt").write_bytes(text.encode())
    prompts = read_prompts(tmp_path)
    assert [prompt.text("x {y}") for prompt in prompts] == [
        f"{key} x {{y}} rate: <|Reward|>\nEND\n" for key in ("if", "vq")
    ]
    assert [prompt.key for prompt in default_prompts()] == ["if", "vq"]
    with pytest.raises(ValueError, match="exactly once"):
        RatingPrompt("if", "no field <|Reward|>")
