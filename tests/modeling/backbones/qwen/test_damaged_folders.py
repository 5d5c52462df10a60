"""A model folder with a damaged file is refused in a sentence that names the file."""

import json

import pytest
from tokenizers import Tokenizer, models

from tests.modeling.backbones.qwen.tiny import BACKBONES, write_folder, write_lively_folder

INDEX = "model.safetensors.index.json"


def change_config(**parts):
    return lambda text: json.dumps({**json.loads(text), **parts})


@pytest.mark.parametrize(
    ("name", "damage", "told"),
    [
        ("config.json", lambda _: "{", r"config\.json is not JSON: "),
        ("config.json", lambda _: "[]", r"config\.json is not a JSON object"),
        ("config.json", lambda _: "{}", "contains a None model"),
        ("config.json", change_config(text_config=7), "cannot be loaded: "),
        ("config.json", change_config(vision_config={"depth": "x"}), "cannot be loaded: "),
        ("preprocessor_config.json", lambda _: "{", r"preprocessor_config\.json is not JSON: "),
        ("preprocessor_config.json", lambda _: "{}", r"preprocessor_config\.json lacks image_mean"),
        ("tokenizer.json", lambda _: "{", r"tokenizer\.json is not a readable tokenizer"),
        ("tokenizer.json", lambda _: Tokenizer(models.BPE()).to_str(), r"json lacks <\|im_start"),
    ],
)
def test_a_damaged_description_is_named(name, damage, told, tmp_path):
    folder = write_folder(tmp_path, "qwen2_5_vl")
    path = folder / name
    path.write_text(damage(path.read_text()))
    with pytest.raises(ValueError, match=told) as caught:
        BACKBONES["qwen2_5_vl"].create({"model": str(folder), "random_weights": True})
    assert str(folder) in str(caught.value)


@pytest.mark.parametrize("kept", [0, 5, 1000])
def test_a_shard_that_was_cut_short_is_named(kept, tmp_path):
    folder = write_lively_folder(tmp_path, "qwen3_vl")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:kept])
    with pytest.raises(ValueError, match=r"model\.safetensors is not a readable safetensors file"):
        BACKBONES["qwen3_vl"].create({"model": str(folder)})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "maps no weights"),
        ('{"weight_map": 3}', "maps no weights"),
        ("[]", "is not a JSON object"),
        ("", "is not JSON: "),
    ],
)
def test_an_index_that_is_none_is_named(text, told, tmp_path):
    folder = write_folder(tmp_path, "qwen2_5_vl")
    (folder / INDEX).write_text(text)
    with pytest.raises(ValueError, match=rf"index\.json {told}"):
        BACKBONES["qwen2_5_vl"].create({"model": str(folder)})
