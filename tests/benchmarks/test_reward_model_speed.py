"""The reward model's speed study refuses what it cannot measure, and compares like with like."""

import json
from functools import partial

import pytest
import torch
from torch.nn import functional

from benchmarks import __main__ as runner
from benchmarks.reward_model_arithmetic import operations
from benchmarks.reward_model_plain import PlainLayout
from benchmarks.reward_model_shapes import Shape, items, rubric, write_model_folder
from modeling.backbones.qwen.backbone import Qwen25VLBackbone
from modeling.backbones.qwen.windows import WindowAttention

TINY = Shape(32, 2, 2, 1, 48, 32, 2, 2, 48, (1,))


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--gpu", "yes"], "no GPU: torch sees no CUDA device"),
        (["--device", "cuda", "--quick"], "no GPU"),
        (["--shape", "7b"], "needs a GPU with 24 GB"),
    ],
)
def test_without_a_gpu_the_large_shape_is_refused_in_one_line(no_gpu, words, reason, capsys):
    assert runner.main(["reward_model", *words]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert reason in printed.err
    assert len(printed.err.splitlines()) == 1


@pytest.fixture
def tiny_shape(monkeypatch):
    monkeypatch.setattr("benchmarks.reward_model.SHAPES", {"small": TINY})
    monkeypatch.setattr("benchmarks.reward_model_shapes.SIDE", 56)
    monkeypatch.setattr("benchmarks.reward_model_shapes.RUBRIC_WORDS", 12)


def test_a_study_tells_ratios_of_every_repeat_and_the_machine(tiny_shape, capsys):
    words = ["reward_model", "--items", "2", "--repeats", "2", "--threads", "1", "--quick"]
    assert runner.main(words) == 0
    report = json.loads(capsys.readouterr().out)
    figures = report["figures"]
    for name in ("speedup_over_listed", "speedup_over_single", "training_speedup_spread"):
        spread = figures[name]
        assert 0 < spread["least"] <= spread["median"] <= spread["most"]
    assert figures["arithmetic_over_single"] > 1
    assert figures["packed_cached_gap"] < 1e-4
    assert [target["name"] for target in report["targets"]] == [
        "scoring speed-up over an item's candidates in one call",
        "scoring speed-up over one candidate per call",
        "training speed-up",
        "packed against cached states",
    ]
    assert report["machine"]["load_before"] >= 0
    assert figures["load_after"] >= 0


def test_products_and_attentions_are_counted():
    left, right = torch.ones(3, 5), torch.ones(5, 7)
    assert operations(lambda: left @ right) == 2 * 3 * 5 * 7
    states = torch.ones(2, 4, 6, 8)  # rows, heads, places, width: two products of 6 · 6 · 8 each
    attend = partial(functional.scaled_dot_product_attention, states, states, states)
    assert operations(attend) == 2 * (2 * 4) * (2 * 6 * 6 * 8)
    assert operations(partial(attend, is_causal=True)) == (2 * 4) * (2 * 6 * 6 * 8)


def test_the_plain_layout_runs_an_untouched_model_on_the_same_parameters(tiny_shape, tmp_path):
    folder = write_model_folder(tmp_path, TINY)
    options = {"model": str(folder), "random_weights": True, "max_pixels": 56 * 56}
    backbone = Qwen25VLBackbone.create(options).eval()
    plain = PlainLayout(backbone, rubric())
    assert not any(isinstance(module, WindowAttention) for module in plain.model.modules())
    assert not any(module._forward_hooks for module in plain.model.modules())  # ours
    ours = dict(backbone.core.model.named_parameters())
    assert all(ours[name] is parameter for name, parameter in plain.model.named_parameters())
    (item,) = items(1, seed=0)
    with torch.no_grad():
        outputs = plain.outputs(item, range(3))
        alone = torch.cat([plain.outputs(item, [index]) for index in range(3)])
    assert outputs.shape == (3, 2, 2)
    torch.testing.assert_close(outputs, alone, atol=1e-5, rtol=0)
