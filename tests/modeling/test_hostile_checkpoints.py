"""Checkpoint folders that somebody wrote to harm the reader: refused in a sentence, nothing run."""

import json
import shutil
import struct

import pytest
import torch
from safetensors.torch import load_file, save_file

from modeling.backbones.qwen.files import find_model
from modeling.backbones.qwen.options import make_config, read_config
from modeling.checkpoint import (
    CheckpointError,
    CheckpointFacts,
    load_checkpoint,
    save_checkpoint,
)
from modeling.config import BackboneName, TrainConfig
from modeling.trainer import train
from tests.modeling.backbones.qwen.tiny import BACKBONES, write_folder


@pytest.fixture
def folder(tmp_path, trained):
    return shutil.copytree(trained.checkpoint, tmp_path / "model")


def rewrite(folder, change):
    config = json.loads((folder / "config.json").read_text())
    change(config)
    (folder / "config.json").write_text(json.dumps(config))


def refused(folder, match):
    with pytest.raises(CheckpointError, match=match):
        load_checkpoint(folder)


def test_the_copied_folder_itself_loads(folder):
    assert load_checkpoint(folder).rubric.keys == ("if", "vq")


@pytest.mark.parametrize("name", ["optimizer.pt", "assets/tokenizer.PKL", "x/y.bin"])
def test_a_pickle_anywhere_in_the_folder_is_refused(folder, name):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"\x80\x04")
    refused(folder, f"pickled files, which are refused: {name}")


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "laplace.safetensors"])
def test_a_link_out_of_the_folder_is_refused(folder, tmp_path, name):
    (folder / name).rename(tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")
    refused(folder, f"{name} is a link to a place outside")


def test_the_links_of_a_hub_cache_are_followed(tmp_path, trained):
    snapshot, blobs = tmp_path / "repo" / "snapshots" / "abc", tmp_path / "repo" / "blobs"
    snapshot.mkdir(parents=True)
    blobs.mkdir()
    for name in ("config.json", "model.safetensors", "laplace.safetensors"):
        shutil.copy(trained.checkpoint / name, blobs / f"sha-{name}")
        (snapshot / name).symlink_to(f"../../blobs/sha-{name}")
    assert load_checkpoint(snapshot).rubric.keys == ("if", "vq")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[1]", "is not a JSON object"),
        ("{}", "but None of version None"),
        (" " * (2**20 + 1), "is longer than"),
    ],
    ids=["torn", "deep", "list", "empty", "long"],
)
def test_a_config_that_is_none_is_refused(folder, text, match):
    (folder / "config.json").write_text(text)
    refused(folder, match)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda config: config.pop("backbone"), "KeyError 'backbone'"),
        (lambda config: config["backbone"].update(name="os.system"), "os.system"),
        (lambda config: config["backbone"].update(config=7), "cannot be loaded"),
        (lambda config: config["network"].update(ensemble=10**9), "more layers than"),
        (lambda config: config["network"].update(head_hidden=[10**6, 10**6]), "do not fit"),
        (lambda config: config["network"].update(head_hidden=[10**30]), "cannot be loaded"),
        (lambda config: config["rubric"].update(dimensions=[]), "at least one dimension"),
        (lambda config: config["calibration"].update(spread={"if": -1}), "must be between"),
        (lambda config: config["calibration"].update(spread={"if": 1e300}), "must be between"),
        (lambda config: config["rubric"]["dimensions"][0]["levels"].pop(), "numbers of levels"),
        (lambda config: config["network"].update(ensemble=2), r"Missing key\(s\)[^\n]*$"),
    ],
)
def test_a_config_of_another_network_is_refused_before_memory_is_asked_for(folder, change, match):
    rewrite(folder, change)
    refused(folder, match)


def test_a_network_of_another_state_of_the_code_says_so(folder):
    def age(config):
        config["code_version"] = "0123456789abcdef"
        config["network"]["head_hidden"] = [7]

    rewrite(folder, age)
    refused(folder, r"do not fit .* \(written by code 0123456789abcdef, this is [0-9a-f]{16}\)")


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["model.safetensors", "laplace.safetensors"])
def test_numbers_that_are_none_are_refused(folder, name, number):
    tensors = load_file(folder / name)
    next(each for each in tensors.values() if each.is_floating_point()).view(-1)[0] = number
    save_file(tensors, folder / name)
    refused(folder, "not finite, as after a training that diverged")


def test_a_posterior_that_is_gone_is_missed(folder):
    (folder / "laplace.safetensors").unlink()
    refused(folder, "laplace.safetensors is missing")


@pytest.mark.parametrize("shape", [(1, 16, 16), (2, 15, 15), (3, 16, 16), (2, 16)])
def test_a_posterior_of_other_heads_is_refused(folder, shape):
    save_file({"cholesky": torch.ones(shape)}, folder / "laplace.safetensors")
    refused(folder, r"laplace.safetensors does not fit the heads: .* instead of \(2, 16, 16\)")


def test_weights_that_are_not_finite_are_not_saved_either(folder, tmp_path):
    loaded = load_checkpoint(folder)
    with torch.no_grad():
        loaded.network.cutpoints.first.fill_(torch.nan)
    facts = CheckpointFacts(BackboneName.COMPACT, loaded.aggregation)
    with pytest.raises(CheckpointError, match=r"the weights are not finite.*: cutpoints.first"):
        save_checkpoint(tmp_path / "new", loaded.network, facts)
    assert not (tmp_path / "new").exists()


def header(text, length=None):
    return struct.pack("<Q", len(text) if length is None else length) + text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        header(b"{}", length=2**63),
        header(b'{"a":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]}}'),
        header(b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}') + b"1234",
        b"\x80\x04pickle",
    ],
    ids=["empty", "endless header", "tensor of terabytes", "overlap", "pickle"],
)
def test_a_weights_file_that_lies_about_its_tensors_is_refused(folder, content):
    (folder / "model.safetensors").write_bytes(content)
    refused(folder, "not a readable safetensors file")


@pytest.fixture(scope="module")
def qwen_model(tmp_path_factory, toy_data):
    place = tmp_path_factory.mktemp("qwen")
    config = TrainConfig(
        backbone=BackboneName.QWEN2_5_VL,
        backbone_options={
            "model": str(write_folder(place / "base", "qwen2_5_vl")),
            "random_weights": True,
            "max_pixels": 256,
        },
        head_hidden=(4,),
        max_steps=1,
        groups_per_batch=2,
        evaluations_per_run=1,
        train_share=0.1,
    )
    return train(config, data=toy_data, output=place / "model").checkpoint


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda own: own["options"].update(attention="somebody/kernel"), "unknown attention"),
        (lambda own: own["options"].update(max_dimensions=10**9), "do not fit"),
        (lambda own: own["model"]["text_config"].update(num_hidden_layers=10**9), "more layers"),
        (lambda own: own["model"]["vision_config"].update(depth=10**9), "more layers"),
        (lambda own: own["model"]["text_config"].update(hidden_size=2**40), "."),
        (lambda own: own["model"]["text_config"].update(vocab_size=10**9), "do not fit"),
        (lambda own: own["images"].update(patch_size=0), "allows no image"),
    ],
)
def test_a_qwen_config_cannot_name_code_or_ask_for_memory(tmp_path, qwen_model, change, match):
    folder = shutil.copytree(qwen_model, tmp_path / "model")
    rewrite(folder, lambda config: change(config["backbone"]["config"]))
    refused(folder, match)


def test_a_tokenizer_that_is_none_is_refused(tmp_path, qwen_model):
    folder = shutil.copytree(qwen_model, tmp_path / "model")
    (folder / "assets" / "tokenizer.json").write_text("{}")
    refused(folder, "cannot be loaded")


def test_no_file_of_a_base_model_chooses_code_to_run(tmp_path):
    folder = write_folder(tmp_path, "qwen2_5_vl")
    value = json.loads((folder / "config.json").read_text())
    for part in (value, value["text_config"], value["vision_config"]):
        part["attn_implementation"] = part["_attn_implementation"] = "somebody/kernel"
        part["auto_map"] = {"AutoModel": "evil.Model"}
        part["quantization_config"] = {"quant_method": "somebody"}
        part["dtype"] = "float16"
    (folder / "config.json").write_text(json.dumps(value))
    backbone = BACKBONES["qwen2_5_vl"].create({"model": str(folder), "random_weights": True})
    config = backbone.core.config
    assert {config._attn_implementation, config.vision_config._attn_implementation} == {"sdpa"}
    assert "somebody" not in json.dumps(backbone.config_dict())
    assert backbone.core.model.dtype is torch.float32
    assert make_config(backbone.family, value).to_dict() == (
        read_config(backbone.family, folder).to_dict()
    )


def test_an_index_may_not_name_files_elsewhere(tmp_path):
    folder = write_folder(tmp_path / "model", "qwen2_5_vl")
    index = {"weight_map": {"a": "../secret.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(ValueError, match=r"names files elsewhere: \.\./secret"):
        find_model(str(folder))
