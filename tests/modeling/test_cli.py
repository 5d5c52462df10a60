import json
import os

import pytest
import torch

from modeling.cli import main
from modeling.cli import train as train_command
from modeling.cli.evaluate import require_same_scales
from modeling.config import DimensionText, RubricText
from tests.modeling.commands import changed_rubric, only_error
from tests.modeling.conftest import SMALL
from tests.modeling.released.checkpoints import write_checkpoint
from tests.modeling.toy import write_toy


def test_train_evaluate_and_score_work_from_the_command_line(tmp_path, toy_data, capsys):
    config = tmp_path / "config.json"
    settings = {"backbone_options": SMALL, "head_hidden": [16], "epochs": 1}
    config.write_text(json.dumps(settings))
    model = str(tmp_path / "m")
    assert main(["train", str(toy_data), model, "--config", str(config), "--seed", "3"]) == 0
    assert json.loads(capsys.readouterr().out)["checkpoint"] == model

    assert main(["evaluate", model, str(toy_data)]) == 0
    assert 0 <= json.loads(capsys.readouterr().out)["accuracy"] <= 1

    assert main(["score", model, str(toy_data / "groups.jsonl")]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 160
    assert {"item_id", "candidate_id", "if_mean", "overall_std"} <= set(lines[0])

    assert main(["score", "--model", model, str(toy_data / "groups.jsonl")]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == lines


def rewrite(manifest, change):
    row = json.loads(manifest.read_text())
    change(row)
    manifest.write_text("\n" + json.dumps(row, ensure_ascii=False) + "\n")


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_a_released_checkpoint_is_recognised_scored_and_judged(tmp_path, manifest, family, capsys):
    folder = tmp_path / "released"
    write_checkpoint(folder, family)
    few = write_toy(tmp_path / "few", items=5, candidates=2)  # it enlarges every picture
    prompts = tmp_path / "prompts"
    prompts.mkdir()
    for key in ("if", "vq"):
        (prompts / f"{key}.txt").write_text(f"{key}: {{text_prompt}} rate <|Reward|>\n")
    assert main(["score", "--model", str(folder), str(manifest), "--prompts", str(prompts)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["candidate_id"] for line in lines] == ["c0", "c1"]
    assert {"if_mean", "if_std", "vq_mean", "vq_std", "overall_mean"} <= set(lines[0])

    assert main(["evaluate", str(folder), str(few), "--prompts", str(prompts)]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert 0 <= figures["accuracy_vq"] <= 1
    spread = figures["evaluation"]["spread"]["if"]
    assert spread["bins"][0]["error"] is None  # a published head knows no levels
    assert spread["against_mean"]["value"] is not None


def test_a_released_checkpoint_with_code_in_it_is_refused(tmp_path, manifest, capsys):
    folder = tmp_path / "released"
    folder.mkdir()
    torch.save({"model": os.system}, folder / "model.pth")
    assert "contains more than tensors" in only_error(capsys, 2, "score", folder, manifest)
    torch.save(torch.zeros(3), folder / "model.pth")
    assert "not a mapping of names to tensors" in only_error(capsys, 2, "score", folder, manifest)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            lambda row: row.pop("instruction"),
            "jsonl:2 (item i): instruction is not given.",
        ),
        (lambda row: row.pop("candidates"), "candidates is not given"),
        (lambda row: row.update(candidates=[]), "needs at least one candidate"),
        (lambda row: row.update(candidates={"a": "b.png"}), "manifest.jsonl:2 (item i): cand"),
        (lambda row: row["candidates"][1].update(candidate_id="c0"), "candidate id 'c0' repeats"),
        (lambda row: row["candidates"][1].pop("image"), "candidate 'c1': image is not given"),
        (lambda row: row.update(source_image="gone.png"), "gone.png is missing"),
        (lambda row: row.update(instruction=" "), "instruction is empty"),
    ],
)
def test_a_bad_row_of_a_manifest_is_named_with_its_line(trained, manifest, change, reason, capsys):
    rewrite(manifest, change)
    error = only_error(capsys, 2, "score", trained.checkpoint, manifest)
    assert error.startswith("error: 1 problem in 1 row:\n")
    assert reason in error


def test_separators_inside_a_text_do_not_end_its_row(trained, manifest, capsys):
    rewrite(manifest, lambda row: row.update(instruction="red\u2028and\x85blue"))
    assert main(["score", str(trained.checkpoint), str(manifest)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_an_unreadable_image_is_named_with_its_item(trained, tmp_path, manifest, capsys):
    (tmp_path / "torn.png").write_bytes(b"\x89PNG")
    rewrite(manifest, lambda row: row["candidates"][1].update(image="torn.png"))
    error = only_error(capsys, 2, "score", trained.checkpoint, manifest)
    assert "candidate 'c1' of item 'i'" in error


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "m.jsonl is empty"),
        ("\n[1]\n{broken\n", "2 problems in 2 rows"),
        ("\xff", "m.jsonl:1: It has bytes that are not utf-8"),
    ],
)
def test_a_file_that_is_no_manifest_is_refused(trained, tmp_path, content, reason, capsys):
    path = tmp_path / "m.jsonl"
    path.write_bytes(content.encode("latin-1"))
    assert reason in only_error(capsys, 2, "score", trained.checkpoint, path)


def test_wrong_folders_are_named(tmp_path, toy_data, trained, manifest, capsys):
    assert "config.json is missing" in only_error(capsys, 2, "score", tmp_path / "no", manifest)
    assert "needs a checkpoint folder" in only_error(capsys, 2, "score", manifest)
    assert "groups.jsonl is missing" in only_error(capsys, 2, "train", tmp_path, tmp_path / "m")
    evaluated = only_error(capsys, 2, "evaluate", trained.checkpoint, tmp_path)
    assert "groups.jsonl is missing" in evaluated
    missing = ("--backbone", "qwen3_vl", "--model", tmp_path)
    told = only_error(capsys, 2, "train", toy_data, tmp_path / "m", *missing)
    assert "missing config.json, preprocessor_config.json, tokenizer.json, model.safe" in told


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"weight": 5}, "the data weighs if 5, vq 1, the model if 1, vq 1: their overall"),
        ({"levels": [1, 2, 3, 4, 5]}, "the data rates 'if' on levels 1, 2, 3, 4, 5, the model"),
    ],
)
def test_other_scales_than_the_models_are_refused(
    trained, tmp_path, toy_data, change, reason, capsys
):
    folder = changed_rubric(toy_data, tmp_path / "data", lambda row: row.update(change))
    assert reason in only_error(capsys, 2, "evaluate", trained.checkpoint, folder)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"weight": 5}, "the data weighs if 5, vq 1, the model if 1, vq 1: their overall"),
        ({"levels": [*range(11)]}, "10, the model knows 1, 2, 3, 4"),
    ],
)
def test_other_scales_than_the_published_ones_are_refused_for_a_released_checkpoint(
    tmp_path, toy_data, change, reason, capsys
):
    write_checkpoint(tmp_path / "released", "qwen2_5_vl")
    folder = changed_rubric(toy_data, tmp_path / "data", lambda row: row.update(change))
    assert reason in only_error(capsys, 2, "evaluate", tmp_path / "released", folder)


def test_weights_in_the_same_ratio_are_the_same_scale():
    one, two, other = (
        RubricText(
            tuple(DimensionText(key, key, (1, 2), weight) for key, weight in weights.items())
        )
        for weights in ({"a": 1, "b": 2}, {"a": 1 / 3, "b": 2 / 3}, {"a": 2, "b": 1})
    )
    require_same_scales(one, two)
    with pytest.raises(ValueError, match="the data weighs a 1, b 2, the model a 2, b 1"):
        require_same_scales(one, other)


def test_a_bar_ends_its_line_before_an_error_is_told(tmp_path, toy_data, monkeypatch, capsys):
    def broken(*_, progress, **__):
        progress(1, 2, "training")
        raise ValueError("no good")

    monkeypatch.setattr(train_command, "train", broken)
    error = only_error(capsys, 2, "train", toy_data, tmp_path / "m")
    assert error.splitlines()[-1] == "error: no good"
    assert error.endswith("]\nerror: no good\n")


@pytest.mark.parametrize("device", ["cuda:9", "toaster"])
def test_a_device_that_is_not_there_is_a_usage_error(trained, manifest, device, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["score", str(trained.checkpoint), str(manifest), "--device", device])
    assert device in capsys.readouterr().err


def test_other_dimensions_than_the_models_are_refused(trained, tmp_path, toy_data, capsys):
    folder = tmp_path / "data"
    folder.mkdir()
    text = (toy_data / "groups.jsonl").read_text().replace('"vq"', '"art"')
    (folder / "groups.jsonl").write_text(text)
    rubric = (toy_data / "rubric.json").read_text().replace('"vq"', '"art"')
    (folder / "rubric.json").write_text(rubric)
    (folder / "images").symlink_to(toy_data / "images")
    error = only_error(capsys, 2, "evaluate", trained.checkpoint, folder)
    assert "the data rates if, art, the model if, vq" in error
