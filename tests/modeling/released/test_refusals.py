"""What a released checkpoint's folder, prompts or callers can get wrong."""

import json
import math

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from modeling.released import RatingPrompt, ReleasedRewardModel
from modeling.scorer import ScoreItem, best_of_n
from tests.modeling.backbones.qwen.tiny import picture, write_folder
from tests.modeling.released.checkpoints import LAYOUT, items, write_checkpoint


@pytest.fixture
def folder(tmp_path):
    write_checkpoint(tmp_path / "released", "qwen2_5_vl")
    return tmp_path / "released"


def load(folder, **options):
    return ReleasedRewardModel.from_pretrained(folder, layout=LAYOUT, **options)


def rewrite(folder, change):
    path = folder / "model.safetensors"
    state = load_file(path)
    state.update(change(state))
    save_file(state, path)


def renamed(state, new):
    old = "rm_heads.head_1"
    return {key.replace(old, new): value.clone() for key, value in state.items() if old in key}


def test_the_best_of_released_scores_needs_no_epistemic_deviation(folder):
    scores = load(folder).score(items=items())[0]
    means = {each.candidate_id: each["vq_mean"] for each in scores.candidates}
    assert best_of_n(scores=scores, dimension="vq") == max(means, key=lambda name: means[name])
    with pytest.raises(KeyError, match="no score 'overall_epistemic_std'"):
        best_of_n(scores=scores, caution=1)


@pytest.mark.parametrize("size", [0, -3])
def test_an_impossible_batch_size_is_refused(folder, size):
    with pytest.raises(ValueError, match="batch_size must be at least 1"):
        load(folder).score(items=items(), batch_size=size)


@pytest.mark.parametrize("new", ["rm_heads.head_2", "rm_head", "rm_heads.head_10"])
def test_heads_that_no_prompt_asks_are_refused(folder, new):
    rewrite(folder, lambda state: renamed(state, new))
    with pytest.raises(ValueError, match="beside rm_head"):
        load(folder)


def test_a_prompt_whose_instruction_is_never_read_is_refused():
    with pytest.raises(ValueError, match="text after it is never read"):
        RatingPrompt("if", "Rate <|Reward|> the edit {text_prompt}")
    prompt = RatingPrompt("if", "{text_prompt}: <|Reward|> of {text_prompt}")
    assert prompt.text("x") == "x: <|Reward|> of x"


def test_weights_that_predict_no_numbers_are_refused(folder):
    rewrite(folder, lambda _: {"rm_heads.head_0.5.bias": torch.full((2,), math.nan)})
    with pytest.raises(ValueError, match=r"not finite \(mean, std, overall_mean, overall_std\)"):
        load(folder).score(items=items())


def test_a_sliver_is_named_with_its_item_and_candidate(folder):
    sliver = picture(np.random.default_rng(0), 900, 4)
    item = ScoreItem("i", "make it white", picture(np.random.default_rng(1), 16, 16), {"a": sliver})
    with pytest.raises(ValueError, match="candidate 'a' of item 'i': absolute aspect ratio"):
        load(folder).score(items=[item])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("config.json", b"[]", "is not a JSON object"),
        ("config.json", b"{", "is not JSON"),
        ("config.json", b'{"model_type": []}', r"contains a \[\] model"),
        ("config.json", b'{"model_type": "qwen2_5_vl", "text_config": 7}', "cannot be loaded"),
        ("preprocessor_config.json", b"{}", "lacks image_mean, image_std"),
        ("tokenizer.json", b"{", "is not a readable tokenizer"),
        ("model.safetensors", b"", "is not a readable safetensors file"),
    ],
)
def test_a_damaged_file_is_named(folder, name, content, told):
    (folder / name).write_bytes(content)
    with pytest.raises(ValueError, match=told) as caught:
        load(folder)
    assert str(folder) in str(caught.value)


def test_a_damaged_base_model_is_named(folder, tmp_path):
    base = write_folder(tmp_path / "base", "qwen2_5_vl")
    (base / "preprocessor_config.json").write_text(json.dumps({"image_mean": [0.5]}))
    with pytest.raises(ValueError, match=r"base/preprocessor_config\.json lacks image_std"):
        load(folder, base=str(base))
