"""Speed of the Qwen reward model against the published layout, on equal random weights.

    script/bench reward_model [--quick] [--shape small|small_3b|7b] [--device cpu|cuda]
        [--dtype float32|bfloat16] [--items 8] [--repeats 3] [--threads N] [--training yes|no]
        [--clock wall|cpu]

Scoring: candidates per second, all seven candidates of an item against one prompt per candidate
and dimension. Training: pairs per second of forward and backward, an item's 21 pairs from one
packed sequence against two candidates and two prompts per pair. The optimiser's step is left out
on both sides. ``--clock cpu`` counts processor seconds, which a busy machine distorts less.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.reward_model_plain import PlainLayout
from benchmarks.reward_model_shapes import CANDIDATES, SHAPES, items, rubric, write_model_folder
from benchmarks.targets import Result, at_least, at_most
from modeling.backbones import ItemInputs
from modeling.backbones.qwen.backbone import Qwen25VLBackbone
from modeling.backbones.qwen.groups import build_plan
from modeling.seeding import generator, seed_everything

SCORING_TARGET, TRAINING_TARGET = 6.0, 10.0
AGREEMENT = 1e-4
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
PAIRS = list(combinations(range(CANDIDATES), 2))


@dataclass(frozen=True, slots=True)
class Setting:
    """What one run measures."""

    shape: str
    device: torch.device
    dtype: str
    items: int
    repeats: int
    plain_pairs: int
    training: bool
    clock: Callable[[], float]


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Measure both layouts in one run."""
    if "threads" in options:
        torch.set_num_threads(int(options["threads"]))
    setting = _setting(quick=quick, options=options)
    seed_everything(0)
    with TemporaryDirectory() as folder:
        backbone = _backbone(Path(folder), setting)
    plain = PlainLayout(backbone, rubric())
    drawn = items(setting.items, seed=0)
    figures: dict[str, object] = {
        "shape": setting.shape,
        "threads": torch.get_num_threads(),
        **_tokens(backbone, drawn[0]),
    }
    targets = []
    scoring = _measure_scoring(backbone, plain, drawn, setting)
    figures |= scoring
    if setting.shape != "7b":
        targets.append(at_least("scoring speed-up", scoring["scoring_speedup"], SCORING_TARGET))
    if setting.training:
        training = _measure_training(backbone, plain, drawn[0], setting)
        figures |= training
        targets.append(at_least("training speed-up", training["training_speedup"], TRAINING_TARGET))
        if setting.dtype == "float32":
            gap = training["packed_cached_gap"]
            targets.append(at_most("packed against cached states", gap, AGREEMENT))
    if setting.device.type == "cuda":
        figures["peak_gib"] = round(torch.cuda.max_memory_allocated() / 2**30, 2)
    return {"figures": figures, "targets": targets}


def _setting(*, quick: bool, options: Mapping[str, str]) -> Setting:
    shape = options.get("shape", "small")
    return Setting(
        shape=shape,
        device=torch.device(options.get("device", "cpu")),
        dtype=options.get("dtype", "float32"),
        items=int(options.get("items", "4" if quick else "8")),
        repeats=int(options.get("repeats", "1" if quick else "3")),
        plain_pairs=1 if quick else 3,
        training=options.get("training", "no" if shape == "7b" else "yes") == "yes",
        clock=CLOCKS[options.get("clock", "wall")],
    )


def _backbone(folder: Path, setting: Setting) -> Qwen25VLBackbone:
    options = {
        "model": str(write_model_folder(folder, SHAPES[setting.shape])),
        "random_weights": True,
        "dtype": setting.dtype,
    }
    with setting.device:
        backbone = Qwen25VLBackbone.create(options)
    return backbone.to(setting.device).eval()


def _tokens(backbone: Qwen25VLBackbone, item: ItemInputs) -> dict[str, int]:
    plan = build_plan([backbone.prepare(item, rubric())])
    root, source, *leaves = (len(segment) for segment in plan.segments)
    return {
        "rubric_tokens": root,
        "item_tokens": source,
        "candidate_tokens": leaves[0],
        "packed_tokens": plan.tokens,
    }


def _measure_scoring(
    backbone: Qwen25VLBackbone, plain: PlainLayout, drawn: list[ItemInputs], setting: Setting
) -> dict[str, float]:
    every = range(CANDIDATES)

    def ours() -> None:
        backbone.score_hidden([backbone.prepare(item, rubric()) for item in drawn])

    def published() -> None:
        with torch.no_grad():
            plain.outputs(drawn[0], every)

    with torch.no_grad():  # one small pass of each first: threads, kernels, memory are then warm
        plain.outputs(drawn[0], [0])
        backbone.score_hidden([backbone.prepare(drawn[0], rubric())])
    seconds = _times([ours, published], setting)
    own = seconds[0] / (CANDIDATES * len(drawn))
    other = seconds[1] / CANDIDATES
    return {
        "candidates_per_second": round(1 / own, 3),
        "plain_candidates_per_second": round(1 / other, 3),
        "seconds_per_candidate": round(own, 4),
        "scoring_speedup": round(other / own, 2),
    }


def _measure_training(
    backbone: Qwen25VLBackbone, plain: PlainLayout, item: ItemInputs, setting: Setting
) -> dict[str, float]:
    probe = torch.randn(backbone.hidden_size, generator=generator(1)).to(setting.device)
    group = backbone.prepare(item, rubric())

    def ours() -> None:
        scores = backbone([group]).mean(dim=1) @ probe
        _backward(backbone, [_loss(scores[i] - scores[j]) for i, j in PAIRS])

    def published() -> None:
        for pair in PAIRS[: setting.plain_pairs]:
            scores = plain.outputs(item, pair)[..., 0].mean(dim=1)
            _backward(plain.model, [_loss(scores[0] - scores[1])])

    seconds = _times([ours, published], setting)
    own, other = seconds[0] / len(PAIRS), seconds[1] / setting.plain_pairs
    with torch.no_grad():
        gap = (backbone([group]) - backbone.score_hidden([group])).abs().max()
    return {
        "pairs_per_second": round(1 / own, 3),
        "plain_pairs_per_second": round(1 / other, 3),
        "training_speedup": round(other / own, 2),
        "packed_cached_gap": float(gap),
    }


def _loss(gap: Tensor) -> Tensor:
    return -functional.logsigmoid(gap)


def _backward(model: nn.Module, losses: list[Tensor]) -> None:
    model.zero_grad()
    torch.autograd.backward(torch.stack(losses).mean())


def _times(works: list[Callable[[], None]], setting: Setting) -> list[float]:
    """Least seconds of each work over the repeats, taken in turn so that load falls on both."""
    best = [float("inf")] * len(works)
    for _ in range(setting.repeats):
        for index, work in enumerate(works):
            began = setting.clock()
            work()
            if setting.device.type == "cuda":
                torch.cuda.synchronize()
            best[index] = min(best[index], setting.clock() - began)
    return best
