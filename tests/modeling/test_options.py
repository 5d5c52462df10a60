"""Backbone options that cannot be used: refused in a line that names the option."""

import json

import pytest

from modeling.backbones.qwen.options import QwenOptions
from modeling.trainer.claiming import run_folder
from tests.modeling.backbones.qwen.tiny import write_folder
from tests.modeling.commands import only_error


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"colour": 1}, "unknown options: colour"),
        ({"patch": 0}, "patch must be at least 1, not 0"),
        ({"patch": True}, "patch must be a whole number, not True"),
        ({"pixels": 96.0}, "pixels must be a whole number, not 96.0"),
        ({"pixels": "96"}, "pixels must be a whole number, not '96'"),
        ({"pixels": -96}, "pixels must be at least 1, not -96"),
        ({"channels": 5}, "channels must be a list of whole numbers, not 5"),
        ({"channels": "48"}, "channels must be a list of whole numbers, not '48'"),
        ({"channels": [0, 8]}, "channels must be two or more multiples of 8, not [0, 8]"),
        ({"word_buckets": 0}, "word_buckets must be at least 1, not 0"),
        ({"word_size": 0}, "word_size must be at least 1, not 0"),
        ({"text_size": 0}, "text_size must be at least 1, not 0"),
        ({"max_words": -5}, "max_words must be at least 1, not -5"),
        ({"hidden_size": 0}, "hidden_size must be at least 1, not 0"),
        ({"hidden_size": "x"}, "hidden_size must be a whole number, not 'x'"),
    ],
)
def test_a_wrong_option_of_compact_is_named_before_anything_is_read(
    tmp_path, toy_data, options, reason, capsys
):
    assert_refused(tmp_path, toy_data, {"backbone_options": options}, reason, capsys)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"model": 3}, "model must be a text, not 3"),
        ({"dtype": "float16"}, "dtype must be one of float32, bfloat16, not 'float16'"),
        ({"attention": "flex"}, "unknown attention 'flex'; block masks are taken by sdpa, eager"),
        ({"random_weights": 1}, "random_weights must be true or false, not 1"),
        ({"max_pixels": "x"}, "max_pixels must be a whole number, not 'x'"),
        ({"max_tokens": "a"}, "max_tokens must be a whole number, not 'a'"),
        ({"max_tokens": 0}, "max_tokens must be at least 1, not 0"),
        ({"max_dimensions": -1}, "max_dimensions must be at least 1, not -1"),
        ({"max_rows": -1}, "max_rows must be at least 0, not -1"),
        (
            {"min_pixels": 1000, "max_pixels": 576},
            "min_pixels must be at least 1 and at most max_pixels, 576, not 1000",
        ),
        (
            {"min_pixels": 0},
            "min_pixels must be at least 1 and at most max_pixels, 200704, not 0",
        ),
    ],
)
def test_a_wrong_option_of_qwen_is_named_and_its_folder_is_not_blamed(
    tmp_path, toy_data, options, reason, capsys
):
    folder = write_folder(tmp_path / "base", "qwen2_5_vl")
    whole = {"model": str(folder), "random_weights": True, **options}
    config = {"backbone": "qwen2_5_vl", "backbone_options": whole}
    assert_refused(tmp_path, toy_data, config, reason, capsys)


def assert_refused(tmp_path, data, config, reason, capsys):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    error = only_error(capsys, 2, "train", data, tmp_path / "m", "--config", path)
    assert error == f"error: backbone_options: {reason}\n"
    assert not run_folder(tmp_path / "m").exists()


def test_the_least_size_gives_way_to_a_small_largest_one_unless_it_is_chosen():
    options = {"model": "x", "max_pixels": 576}
    assert QwenOptions.from_mapping(options).least_pixels == 576
    assert QwenOptions.from_mapping({"model": "x"}).least_pixels == 56 * 56
