"""Shards and LoRA adapters in the place of one weight file."""

import json
import re
import shutil

import pytest
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file

from modeling.backbones.qwen.files import MissingFilesError
from modeling.checkpoint import CheckpointError, load_checkpoint
from modeling.cli import main
from modeling.released import ReleasedRewardModel
from modeling.scorer import RewardModel
from modeling.seeding import seed_everything
from tests.modeling.commands import only_error
from tests.modeling.released.checkpoints import LAYOUT, items, write_checkpoint

PROJECTIONS = ["q_proj", "v_proj", "down_proj"]
CONFIGURATION = ("config.json", "tokenizer.json", "preprocessor_config.json")


def load(folder, **options):
    return ReleasedRewardModel.from_pretrained(folder, layout=LAYOUT, **options)


def shard(folder, name="model.safetensors"):
    """The weights in two files with an index, as transformers saves large models."""
    state = load_file(folder / name)
    keys = sorted(state)
    parts = {"model-00001-of-00002.safetensors": keys[::2]}
    parts["model-00002-of-00002.safetensors"] = keys[1::2]
    for part, names in parts.items():
        save_file({key: state[key] for key in names}, folder / part)
    (folder / name).unlink()
    where = {key: part for part, names in parts.items() for key in names}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": where}))


def test_shards_score_as_the_whole_file_did(tmp_path):
    write_checkpoint(tmp_path, "qwen2_5_vl")
    expected = load(tmp_path).score(items=items())
    shard(tmp_path)
    assert load(tmp_path).score(items=items()) == expected


def test_a_missing_shard_is_named(tmp_path):
    write_checkpoint(tmp_path, "qwen2_5_vl")
    shard(tmp_path)
    (tmp_path / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(MissingFilesError, match=r"missing model-00002-of-00002\.safetensors"):
        load(tmp_path)


class Judge(torch.nn.Module):
    """The published class in small: transformers' model with the heads beside it."""

    def __init__(self, model, heads):
        super().__init__()
        self.model, self.visual = model.model.language_model, model.model.visual
        self.rm_heads = torch.nn.ModuleDict(
            {f"head_{index}": head for index, head in enumerate(heads)}
        )


def write_adapter(folder, base, **choices):
    """An adapter as PEFT saves it, over a base folder; the merged model for comparison."""
    model, heads = write_checkpoint(base, "qwen2_5_vl")
    seed_everything(5)
    config = LoraConfig(
        **{"r": 3, "lora_alpha": 12, "target_modules": PROJECTIONS, **choices},
        init_lora_weights=False,
    )
    adapted = get_peft_model(Judge(model, heads), config)
    adapted.peft_config["default"].base_model_name_or_path = str(base)
    adapted.save_pretrained(folder)
    return adapted


def write_merged(folder, base, adapted):
    """What PEFT itself makes of base and adapter, as one released file."""
    folder.mkdir()
    for name in CONFIGURATION:
        (folder / name).write_bytes((base / name).read_bytes())
    state = adapted.merge_and_unload().state_dict()
    save_file({key: value.clone() for key, value in state.items()}, folder / "model.safetensors")


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"use_rslora": True},
        {"alpha_pattern": {"layers.1.self_attn.q_proj": 30}, "rank_pattern": {"down_proj": 2}},
        {"modules_to_save": ["head_0", "head_1"]},
    ],
)
def test_an_adapter_scores_as_when_peft_merges_it(choices, tmp_path):
    folder, base, merged = (tmp_path / name for name in ("adapter", "base", "merged"))
    adapted = write_adapter(folder, base, **choices)
    without = load(base).score(items=items())
    found = load(folder).score(items=items())  # its file names the base, which is on this machine
    assert load(folder, base=str(base)).score(items=items()) == found
    write_merged(merged, base, adapted)
    expected = load(merged).score(items=items())
    for ours, theirs, before in zip(found, expected, without, strict=True):
        for one, other, bare in zip(
            ours.candidates, theirs.candidates, before.candidates, strict=True
        ):
            assert one.values == pytest.approx(other.values, abs=1e-5)
            assert abs(one["if_mean"] - bare["if_mean"]) > 1e-3


def test_an_adapter_may_bring_heads_and_the_reward_tokens_row(tmp_path):
    folder, base = tmp_path / "adapter", tmp_path / "base"
    write_adapter(folder, base)
    expected = load(folder).score(items=items())
    path = base / "model.safetensors"
    state = load_file(path)
    apart = {key: state.pop(key) for key in list(state) if key.startswith("rm_heads")}
    apart["model.embed_tokens.weight"] = state["model.embed_tokens.weight"]
    state["model.embed_tokens.weight"] = apart["model.embed_tokens.weight"][:-1].clone()
    save_file(state, path)
    wrapped = {f"base_model.model.{key}": value for key, value in apart.items()}
    torch.save(wrapped, folder / "non_lora_state_dict.pth")
    assert load(folder).score(items=items()) == expected


def test_an_adapter_without_its_base_says_which_and_how_to_merge(tmp_path, capsys):
    folder = tmp_path / "adapter"
    write_adapter(folder, tmp_path / "base")
    path = folder / "adapter_config.json"
    config = json.loads(path.read_text())
    path.write_text(json.dumps({**config, "base_model_name_or_path": "nobody/no-such-model"}))
    told = "is a LoRA adapter of 'nobody/no-such-model', which is not on this machine"
    with pytest.raises(ValueError, match=told):
        load(folder)
    manifest = tmp_path / "manifest.jsonl"
    row = {"item_id": "a", "instruction": "x", "source_image": "s.png"}
    items()[0].source.save(tmp_path / "s.png")
    row["candidates"] = [{"candidate_id": "e", "image": "s.png"}]
    manifest.write_text(json.dumps(row))
    error = only_error(capsys, 2, "score", folder, manifest)
    assert told in error
    assert "merge_and_unload()" in error
    assert main(["score", str(folder), str(manifest), "--base", str(tmp_path / "base")]) == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"peft_type": "LOHA"}, "of an adapter of kind 'LOHA', not LORA"),
        ({"use_dora": True, "bias": "all"}, "asks for use_dora, bias: merge the adapter with PEFT"),
        ({"lora_alpha": "much"}, "lora_alpha is 'much', not a number"),
    ],
)
def test_an_adapter_of_another_kind_is_refused(change, told, tmp_path):
    folder = tmp_path / "adapter"
    write_adapter(folder, tmp_path / "base")
    path = folder / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(ValueError, match=told):
        load(folder)


def rename(folder, old, new):
    path = folder / "adapter_model.safetensors"
    save_file({key.replace(old, new): each for key, each in load_file(path).items()}, path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("layers.2.self_attn", "layers.9.self_attn", "layers.9.*, which its base does not have so"),
        ("2.self_attn.q_proj.lora_A", "2.self_attn.q_proj.lora_C", "which is not merged here"),
        ("2.self_attn.q_proj.lora_A", "9.self_attn.q_proj.lora_A", "has one factor only"),
    ],
)
def test_an_adapter_that_does_not_fit_its_base_is_refused(old, new, told, tmp_path):
    folder = tmp_path / "adapter"
    write_adapter(folder, tmp_path / "base")
    rename(folder, old, new)
    with pytest.raises(ValueError, match=told):
        load(folder)


def test_a_weight_that_replaces_nothing_is_refused(tmp_path):
    folder = tmp_path / "adapter"
    write_adapter(folder, tmp_path / "base")
    path = folder / "adapter_model.safetensors"
    state = load_file(path)
    for name, value, told in (
        ("model.layers.9.mlp.up_proj.weight", torch.zeros(2, 2), "which its base does not have"),
        ("model.norm.weight", torch.zeros(2), r"of shape \(32,\) by \(2,\)"),
    ):
        save_file({**state, f"base_model.model.{name}": value}, path)
        with pytest.raises(ValueError, match=told):
            load(folder)


def test_our_own_checkpoint_may_lie_in_shards(trained, tmp_path):
    sharded = tmp_path / "sharded"
    shutil.copytree(trained.checkpoint, sharded)
    expected = load_checkpoint(sharded).network.state_dict()
    shard(sharded)
    found = load_checkpoint(sharded).network.state_dict()
    assert found.keys() == expected.keys()
    assert all(torch.equal(found[key], expected[key]) for key in found)
    part = sharded / "model-00002-of-00002.safetensors"
    kept = load_file(part)
    name = next(key for key in kept if key.endswith("weight"))
    save_file({key: value for key, value in kept.items() if key != name}, part)
    with pytest.raises(CheckpointError, match=f"the shards have no {re.escape(name)}"):
        load_checkpoint(sharded)
    part.unlink()
    with pytest.raises(CheckpointError, match=r"model-00002-of-00002\.safetensors is missing"):
        load_checkpoint(sharded)
    (sharded / "model.safetensors.index.json").write_text('{"weight_map": {"a": "../x"}}')
    with pytest.raises(CheckpointError, match="names files elsewhere"):
        load_checkpoint(sharded)


def test_our_loader_names_an_adapter_for_what_it_is(tmp_path):
    folder, base = tmp_path / "adapter", tmp_path / "base"
    write_adapter(folder, base)
    with pytest.raises(
        ValueError, match=r"is a PEFT adapter of '.*base', not one of our reward models"
    ):
        RewardModel.from_pretrained(folder)
