"""Templates that cannot be applied, or show something else, are refused before any scoring."""

import json

import pytest

from modeling.released import ReleasedLayout, ReleasedRewardModel
from tests.modeling.released.checkpoints import LAYOUT, write_checkpoint
from tests.modeling.released.published import TEMPLATE

IMAGE = "<|vision_start|><|image_pad|><|vision_end|>"
TEXT = "{{ messages[0].content[2].text }}"


@pytest.fixture
def folder(tmp_path):
    write_checkpoint(tmp_path, "qwen2_5_vl")
    return tmp_path


def refused(folder, told):
    with pytest.raises(ValueError, match=told) as caught:
        ReleasedRewardModel.from_pretrained(folder, layout=LAYOUT)
    assert str(folder) in str(caught.value)


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{% for message in messages %}", "chat_template.jinja cannot be applied: TemplateSyntax"),
        ("{{ raise_exception('only text, please') }}", "TemplateError: only text, please"),
        ("{{ messages.__class__.__mro__ }}", "SecurityError: access to attribute '__class__'"),
        ("{% set _ = messages.append(1) %}", "SecurityError"),
        ("{{ cycler.__init__.__globals__ }}", "SecurityError"),
        ("{% include 'config.json' %}", "cannot be applied"),
        (TEXT, r"lays out 0 images and 1 times <\|Reward\|> of prompt 'if'"),
        (IMAGE + TEXT, "lays out 1 images"),
        (IMAGE * 3 + TEXT, "lays out 3 images"),
        (IMAGE * 2, r"lays out 2 images and 0 times"),
        (IMAGE * 2 + TEXT * 2, "lays out 2 images and 2 times"),
        (IMAGE + TEXT + IMAGE, "reads two images and then that token once"),
        ("", "the chat_template of .*chat_template.jinja is not text"),
        ("x" * (2**20 + 1), "is longer than 1,048,576 bytes"),
    ],
)
def test_a_template_that_cannot_be_applied_is_named(folder, template, told):
    (folder / "chat_template.jinja").write_text(template)
    refused(folder, told)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("chat_template.json", b"{", r"chat_template\.json is not JSON"),
        ("chat_template.json", b'{"chat_template": 7}', r"the chat_template of .* is not text"),
        ("chat_template.jinja", b"\xff", r"chat_template\.jinja is not UTF-8 text"),
        (
            "tokenizer_config.json",
            b'{"chat_template": [{"name": "rag", "template": "x"}, {"name": "tool_use"}]}',
            "has the chat templates rag, tool_use, none of them 'default'",
        ),
        ("preprocessor_config.json", {"patch_size": 14}, "has patch_size 14, but the model 4"),
        ("preprocessor_config.json", {"resample": 2}, "asks for resample 2"),
        ("preprocessor_config.json", {"do_normalize": False}, "asks for do_normalize False"),
        ("preprocessor_config.json", {"rescale_factor": 1.0}, "asks for rescale_factor 1.0"),
        ("preprocessor_config.json", {"size": {"height": 8}}, "pixel bound of .* is None, not a"),
    ],
)
def test_a_file_that_asks_for_something_else_is_named(folder, name, content, told):
    path = folder / name
    if isinstance(content, dict):
        content = json.dumps({**json.loads(path.read_text()), **content}).encode()
    path.write_bytes(content)
    refused(folder, told)


def test_a_template_of_several_files_is_the_one_named_default(folder):
    (folder / "chat_templates").mkdir()
    (folder / "chat_templates" / "default.jinja").write_text(TEMPLATE)
    (folder / "chat_templates" / "tools.jinja").write_text("nothing")
    model = ReleasedRewardModel.from_pretrained(folder, layout=LAYOUT)
    assert model.read_as["template"] == "chat_templates"
    (folder / "chat_templates" / "default.jinja").unlink()
    refused(folder, "has the chat templates tools, none of them 'default'")


def test_one_bound_of_a_pixel_budget_alone_is_refused():
    with pytest.raises(ValueError, match="must be given together"):
        ReleasedLayout(min_pixels=512)
