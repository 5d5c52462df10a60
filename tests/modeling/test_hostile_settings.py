"""Configurations and rubrics that cannot be used: refused in a line that names the field."""

import argparse
import json

import pytest

from modeling.cli.train import add_settings, read_config
from modeling.config import RubricText
from modeling.data import read_dataset
from modeling.trainer.arguments import total_steps
from tests.modeling.commands import changed_rubric, only_error


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ("{", "Expecting property name"),
        ("[]", "config.json: training settings must be an object, not []"),
        ('{"epochs": "many"}', "config.json: epochs must be a finite number, not 'many'"),
        ('{"epochs": Infinity}', "epochs must be a finite number, not inf"),
        ('{"ensemble": 1.5}', "ensemble must be a whole number, not 1.5"),
        ('{"max_steps": 1.5}', "max_steps must be a whole number, not 1.5"),
        ('{"workers": 1.5}', "workers must be a whole number, not 1.5"),
        ('{"workers": -1}', "workers must be at least 0, not -1"),
        ('{"groups_per_batch": true}', "groups_per_batch must be a whole number, not True"),
        ('{"head_hidden": "64"}', "head_hidden must be a list of whole numbers, not '64'"),
        ('{"head_hidden": [1.5]}', "head_hidden must be a list of whole numbers, not (1.5,)"),
        ('{"head_hidden": [0]}', "head_hidden needs positive widths"),
        ('{"frozen_parts": "text"}', "frozen_parts must be a list of texts, not 'text'"),
        ('{"augment": "false"}', "augment must be true or false, not 'false'"),
        ('{"keep_checkpoints": -1}', "keep_checkpoints must be at least 1, not -1"),
        ('{"weight_decay": -1}', "weight_decay must be at least 0, not -1"),
        ('{"seed": -1}', "seed must be in [0, 4294967296)"),
        ('{"loss": null}', "loss must be an object, not None"),
        ('{"loss": {"colour": 1}}', "loss: unknown loss settings: colour"),
        ('{"loss": {"samples": 1.5}}', "loss: samples must be a whole number, not 1.5"),
        ('{"loss": {"overall_weight": NaN}}', "loss: overall_weight must be a finite number"),
        ('{"loss": {"ranking": "best"}}', "loss: ranking must be one of integrated, thurstone,"),
        ('{"lora": {"rank": 1.5}}', "lora: rank must be a whole number, not 1.5"),
        ('{"lora": true}', "lora must be an object or null, not True"),
        ('{"backbone": "resnet"}', "backbone must be one of compact, qwen2_5_vl, qwen3_vl, not"),
        ('{"backbone_options": []}', "backbone_options must be an object, not []"),
        ('{"backbone_options": {"colour": 1}}', "colour"),
    ],
)
def test_a_wrong_training_setting_is_one_line(tmp_path, toy_data, config, reason, capsys):
    path = tmp_path / "config.json"
    path.write_text(config)
    error = only_error(capsys, 2, "train", toy_data, tmp_path / "m", "--config", path)
    assert reason in error
    assert error.count("\n") == 1


def test_epochs_on_the_command_line_win_over_the_files_number_of_steps(tmp_path):
    path = tmp_path / "config.json"
    path.write_text('{"max_steps": 3, "epochs": 2, "seed": 7}')
    parser = argparse.ArgumentParser()
    add_settings(parser)
    plain = read_config(parser.parse_args(["--config", str(path)]))
    assert total_steps(plain, items=80, processes=1) == 3
    chosen = read_config(parser.parse_args(["--config", str(path), "--epochs", "5"]))
    assert (chosen.epochs, chosen.seed) == (5, 7)
    assert total_steps(chosen, items=80, processes=1) == 5 * 10  # batches of 8 items


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Expecting value"),
        ("[]", "a rubric must be an object with a list of `dimensions`"),
        ("{}", "a rubric must be an object with a list of `dimensions`"),
        ('{"dimensions": null}', "a rubric must be an object with a list of `dimensions`"),
        ('{"dimensions": []}', "a rubric needs at least one dimension"),
        ('{"dimensions": ["if"]}', "a dimension must be an object, not 'if'"),
        ('{"dimensions": [{"name": "x"}]}', "a dimension lacks key, levels"),
        ("\xff", "'utf-8' codec can't decode"),
    ],
)
def test_a_file_that_is_no_rubric_is_named(tmp_path, toy_data, text, reason, capsys):
    folder = changed_rubric(toy_data, tmp_path / "data", lambda row: None)
    (folder / "rubric.json").write_bytes(text.encode("latin-1"))
    error = only_error(capsys, 2, "train", folder, tmp_path / "m")
    assert error.startswith(f"error: {folder / 'rubric.json'}: {reason}")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"weight": None}, "dimension 'if': weight must be a finite number, not None"),
        ({"weight": 1e308}, "dimension 'if' needs a weight from 1e-06 to 1e+06, not 1e+308"),
        ({"weight": 0}, "dimension 'if' needs a weight from 1e-06 to 1e+06, not 0"),
        ({"levels": [1, 1.5, 2]}, "dimension 'if': levels must be a list of whole numbers"),
        ({"levels": 4}, "dimension 'if': levels must be a list of whole numbers, not 4"),
        ({"wording": None}, "dimension 'if': wording must be a text, not None"),
        ({"name": "\ud800"}, "dimension 'if' contains half a character"),
    ],
)
def test_a_wrong_dimension_is_named_with_what_is_expected(
    tmp_path, toy_data, change, reason, capsys
):
    folder = changed_rubric(toy_data, tmp_path / "data", lambda row: row.update(change))
    assert reason in only_error(capsys, 2, "train", folder, tmp_path / "m")


def test_a_rubric_may_begin_with_a_byte_order_mark_and_list_levels_in_any_order(tmp_path, toy_data):
    folder = changed_rubric(toy_data, tmp_path / "data", lambda row: row["levels"].reverse())
    text = (folder / "rubric.json").read_text()
    (folder / "rubric.json").write_text(text, encoding="utf-8-sig")
    assert read_dataset(folder).rubric == RubricText.from_json(json.loads(text))
    assert read_dataset(folder).rubric.dimensions[0].levels == (1, 2, 3, 4)
