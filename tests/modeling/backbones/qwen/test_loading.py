"""Folders, hub names and both key layouts; and what is said when something is missing."""

import json

import huggingface_hub.constants
import pytest
import torch
from safetensors.torch import save_file

from modeling.backbones.qwen.backbone import Qwen3VLBackbone, Qwen25VLBackbone
from modeling.backbones.qwen.files import MissingFilesError, find_model, missing_files
from modeling.backbones.qwen.options import QwenOptions
from modeling.backbones.qwen.weights import bare_name
from tests.modeling.backbones.qwen.tiny import (
    BACKBONES,
    RUBRIC,
    ragged_items,
    tiny_backbone,
    write_folder,
)


def hub_state(backbone, *, old: bool):
    """A generation model's weights under the names that hub files use."""
    state = {"lm_head.weight": torch.zeros(3, 2)}
    for name, value in backbone.core.model.state_dict().items():
        key = name.replace("language_model.", "", 1) if old else name
        key = key if old and key.startswith("visual.") else f"model.{key}"
        state[key] = value.clone().contiguous()
    return state


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
@pytest.mark.parametrize("old", [True, False])
def test_either_key_layout_loads_the_same_weights(family, old, tmp_path):
    backbone = tiny_backbone(tmp_path, family)
    save_file(hub_state(backbone, old=old), tmp_path / "model.safetensors")
    loaded = BACKBONES[family].create({"model": str(tmp_path), "max_pixels": 1024})
    for name, value in loaded.core.model.state_dict().items():
        assert torch.equal(value, backbone.core.model.state_dict()[name]), name


def test_sharded_weights_load_in_bf16_and_a_missing_shard_is_named(tmp_path):
    backbone = tiny_backbone(tmp_path, "qwen2_5_vl")
    state = hub_state(backbone, old=False)
    names = sorted(state)
    shards = {"a.safetensors": names[::2], "b.safetensors": names[1::2]}
    for shard, keys in shards.items():
        save_file({key: state[key] for key in keys}, tmp_path / shard)
    weight_map = {key: shard for shard, keys in shards.items() for key in keys}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))
    loaded = Qwen25VLBackbone.create(
        {"model": str(tmp_path), "dtype": "bfloat16", "max_pixels": 1024}
    )
    assert loaded.core.model.dtype is torch.bfloat16
    (tmp_path / "b.safetensors").unlink()
    with pytest.raises(MissingFilesError, match=r"missing b\.safetensors"):
        find_model(str(tmp_path))


def test_weights_of_another_shape_of_model_are_refused(tmp_path):
    backbone = tiny_backbone(tmp_path, "qwen2_5_vl")
    state = hub_state(backbone, old=False)
    del state["model.visual.merger.ln_q.weight"]
    save_file(state, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match=r"1 missing \(visual\.merger\.ln_q\.weight\)"):
        Qwen25VLBackbone.create({"model": str(tmp_path), "max_pixels": 1024})


def test_a_folder_says_exactly_which_files_it_lacks(tmp_path):
    write_folder(tmp_path, "qwen2_5_vl")
    assert missing_files(tmp_path, weights=False) == []
    (tmp_path / "tokenizer.json").unlink()
    with pytest.raises(MissingFilesError) as caught:
        Qwen25VLBackbone.create({"model": str(tmp_path)})
    assert caught.value.missing == (
        "tokenizer.json",
        "model.safetensors or model.safetensors.index.json",
    )


def test_a_hub_name_without_a_network_says_what_to_fetch(tmp_path, monkeypatch):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(MissingFilesError, match="could not be reached") as caught:
        find_model("someone/a-model")
    assert "config.json" in caught.value.missing


def test_a_partly_downloaded_hub_model_says_what_is_still_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    repository = tmp_path / "models--someone--a-model"
    write_folder(repository / "snapshots" / "abc", "qwen2_5_vl")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc")
    with pytest.raises(MissingFilesError) as caught:
        find_model("someone/a-model")
    assert caught.value.missing == ("model.safetensors or model.safetensors.index.json",)
    assert find_model("someone/a-model", weights=False) == repository / "snapshots" / "abc"


def test_a_folder_of_another_family_is_refused(tmp_path):
    write_folder(tmp_path, "qwen2_5_vl")
    with pytest.raises(ValueError, match="contains a 'qwen2_5_vl' model"):
        Qwen3VLBackbone.create({"model": str(tmp_path), "random_weights": True})


@pytest.mark.parametrize("options", [{}, {"model": "x", "pixels": 3}])
def test_unknown_or_missing_options_are_named(options):
    with pytest.raises(ValueError, match=r"'model'|pixels"):
        QwenOptions.from_mapping(options)


@pytest.mark.parametrize(
    ("key", "bare"),
    [
        ("lm_head.weight", None),
        ("visual.blocks.0.norm1.weight", "visual.blocks.0.norm1.weight"),
        ("model.visual.merger.ln_q.weight", "visual.merger.ln_q.weight"),
        ("model.layers.0.mlp.up_proj.weight", "language_model.layers.0.mlp.up_proj.weight"),
        ("model.language_model.norm.weight", "language_model.norm.weight"),
    ],
)
def test_bare_names(key, bare):
    assert bare_name(key) == bare


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_a_backbone_is_rebuilt_from_its_config_assets_and_weights(family, tmp_path):
    backbone = tiny_backbone(tmp_path / "model", family)
    assets = tmp_path / "assets"
    assets.mkdir()
    backbone.save_assets(assets)
    config = json.loads(json.dumps(backbone.config_dict()))
    rebuilt = BACKBONES[family].from_config(config, assets).eval()
    rebuilt.load_state_dict(backbone.state_dict())
    groups = [rebuilt.prepare(item, RUBRIC) for item in ragged_items()]
    torch.testing.assert_close(rebuilt.score_hidden(groups), backbone.score_hidden(groups))
    assert set(rebuilt.parts()) == {"vision", "text"}


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_lora_adapts_every_linear_layer_of_decoder_and_vision_blocks_and_no_other(family, tmp_path):
    backbone = tiny_backbone(tmp_path / "model", family)
    adapted, left = set(), set()
    for name, module in backbone.named_modules():
        if isinstance(module, torch.nn.Linear):
            hit = any(name.endswith(f".{target}") for target in backbone.lora_targets())
            (adapted if hit else left).add(name)
    layers = {name for name in adapted | left if ".blocks." in name or ".layers." in name}
    assert adapted == layers
    assert any(".visual." in name and ".attn." in name for name in adapted)
