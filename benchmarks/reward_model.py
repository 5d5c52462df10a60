"""Speed of the Qwen reward model against the published layout, on equal random weights.

    script/bench reward_model [--quick] [--shape small|small_3b|7b] [--device cpu|cuda]
        [--dtype float32|bfloat16] [--items 8] [--repeats 5] [--threads N] [--training yes|no]
        [--clock wall|cpu]
    script/bench reward_model --gpu yes    # the 7B shape in bf16; refuses without a GPU

Scoring: candidates per second of batches of items, as ``RewardModel.score`` runs them (the rubric's
keys stay between batches; ``fresh`` computes them in every batch), against one prompt per candidate
and dimension. The published code takes a list of candidates: ``listed`` passes all seven of an item
in one call, ``single`` one per call; the target is compared with both. Training: pairs per second
of forward and backward, an item's 21 pairs from one packed sequence against two candidates and two
prompts per pair; the optimiser's step is left out on both sides. Every repeat runs all of them in
turn and gives one ratio; the median, least and greatest are reported. ``arithmetic_over_single`` is
how many times fewer multiplications and additions a candidate takes: what to expect of two layouts
that use the machine alike. ``--clock cpu`` counts processor seconds, which a busy machine distorts
less.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.reward_model_arithmetic import operations
from benchmarks.reward_model_plain import PlainLayout
from benchmarks.reward_model_shapes import CANDIDATES, SHAPES, items, rubric, write_model_folder
from benchmarks.targets import Result, StudyRefusedError, Target, at_least, at_most
from modeling.backbones import ItemInputs, PreparedGroup
from modeling.backbones.qwen.backbone import Qwen25VLBackbone
from modeling.backbones.qwen.cached import cached_states
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
    setting = _setting(quick=quick, options=options)
    if "threads" in options:
        torch.set_num_threads(int(options["threads"]))
    seed_everything(0)
    with TemporaryDirectory() as folder:
        backbone = _backbone(Path(folder), setting)
    drawn = items(setting.items, seed=0)
    figures: dict[str, object] = {
        "shape": setting.shape,
        "device": _device_name(setting.device),
        "threads": torch.get_num_threads(),
        **_tokens(backbone, drawn[0]),
    }
    targets = []
    if setting.device.type == "cuda":
        figures["peak_gib"] = _peak_memory(backbone, drawn, setting.device)
    plain = PlainLayout(backbone, rubric())
    scoring = _measure_scoring(backbone, plain, drawn, setting)
    figures |= scoring
    if setting.shape != "7b":
        targets += [
            at_least(f"scoring speed-up over {name}", scoring[key]["median"], SCORING_TARGET)
            for name, key in (
                ("an item's candidates in one call", "speedup_over_listed"),
                ("one candidate per call", "speedup_over_single"),
            )
        ]
    if setting.training:
        training = _measure_training(backbone, plain, drawn[0], setting)
        figures |= training
        targets += _training_targets(training, setting)
    figures["load_after"] = round(os.getloadavg()[0], 2)
    return {"figures": figures, "targets": targets}


def _setting(*, quick: bool, options: Mapping[str, str]) -> Setting:
    if options.get("gpu", "no") == "yes":
        options = {"shape": "7b", "device": "cuda", "dtype": "bfloat16", **options}
    shape = options.get("shape", "small")
    setting = Setting(
        shape=shape,
        device=torch.device(options.get("device", "cpu")),
        dtype=options.get("dtype", "float32"),
        items=int(options.get("items", "4" if quick else "8")),
        repeats=int(options.get("repeats", "1" if quick else "5")),
        plain_pairs=1 if quick else 3,
        training=options.get("training", "no" if shape == "7b" else "yes") == "yes",
        clock=CLOCKS[options.get("clock", "wall")],
    )
    _refuse_without_gpu(setting)
    return setting


def _refuse_without_gpu(setting: Setting) -> None:
    if setting.device.type == "cuda" and not torch.cuda.is_available():
        raise StudyRefusedError("no GPU: torch sees no CUDA device on this machine")
    if setting.shape == "7b" and setting.device.type != "cuda":
        raise StudyRefusedError("the 7b shape needs a GPU with 24 GB: add --gpu yes")


def _device_name(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type


def _peak_memory(
    backbone: Qwen25VLBackbone, drawn: list[ItemInputs], device: torch.device
) -> float:
    """Peak GiB while a batch is scored, weights included; no other model is loaded yet."""
    torch.cuda.reset_peak_memory_stats(device)
    backbone.score_hidden(_prepare(backbone, drawn))
    return round(torch.cuda.max_memory_allocated(device) / 2**30, 2)


def _training_targets(training: Mapping[str, Any], setting: Setting) -> list[Target]:
    targets = [at_least("training speed-up", training["training_speedup"], TRAINING_TARGET)]
    if setting.dtype == "float32":
        gap = training["packed_cached_gap"]
        targets.append(at_most("packed against cached states", gap, AGREEMENT))
    return targets


def _backbone(folder: Path, setting: Setting) -> Qwen25VLBackbone:
    options = {
        "model": str(write_model_folder(folder, SHAPES[setting.shape])),
        "random_weights": True,
        "dtype": setting.dtype,
    }
    with setting.device:
        backbone = Qwen25VLBackbone.create(options)
    return backbone.to(setting.device).eval()


def _prepare(backbone: Qwen25VLBackbone, drawn: list[ItemInputs]) -> list[PreparedGroup]:
    device = backbone.core.device
    return [backbone.prepare(item, rubric()).to(device) for item in drawn]


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
) -> dict[str, Any]:
    def ours() -> None:
        backbone.score_hidden(_prepare(backbone, drawn))

    @torch.no_grad()
    def fresh() -> None:
        cached_states(backbone.core, build_plan(_prepare(backbone, drawn)))

    @torch.no_grad()
    def published(count: int) -> None:
        plain.outputs(drawn[0], range(count))

    works: list[Callable[[], None]] = [
        ours,
        fresh,
        partial(published, CANDIDATES),
        partial(published, 1),
    ]
    # One small pass of each first: threads, kernels, memory are then warm.
    plain_operations = operations(partial(published, 1))
    backbone.remember_prefixes()
    backbone.score_hidden(_prepare(backbone, drawn[:1]))
    scored = CANDIDATES * len(drawn)
    saved = plain_operations / (operations(ours) / scored)
    counts = (scored, scored, CANDIDATES, 1)
    rounds = [
        [seconds / count for seconds, count in zip(row, counts, strict=True)]
        for row in _times(works, setting)
    ]
    own, anew, listed, single = (min(column) for column in zip(*rounds, strict=True))
    return {
        "candidates_per_second": round(1 / own, 3),
        "plain_listed_per_second": round(1 / listed, 3),
        "plain_single_per_second": round(1 / single, 3),
        "seconds_per_candidate": round(own, 4),
        "fresh_seconds_per_candidate": round(anew, 4),
        "speedup_over_listed": _spread([row[2] / row[0] for row in rounds]),
        "speedup_over_single": _spread([row[3] / row[0] for row in rounds]),
        "arithmetic_over_single": round(saved, 2),
        "fresh_speedup_over_listed": _spread([row[2] / row[1] for row in rounds]),
    }


def _measure_training(
    backbone: Qwen25VLBackbone, plain: PlainLayout, item: ItemInputs, setting: Setting
) -> dict[str, Any]:
    probe = torch.randn(backbone.hidden_size, generator=generator(1)).to(setting.device)
    (group,) = _prepare(backbone, [item])

    def ours() -> None:
        scores = backbone([group]).mean(dim=1) @ probe
        _backward(backbone, [_loss(scores[i] - scores[j]) for i, j in PAIRS])

    def published() -> None:
        for pair in PAIRS[: setting.plain_pairs]:
            scores = plain.outputs(item, pair)[..., 0].mean(dim=1)
            _backward(plain.model, [_loss(scores[0] - scores[1])])

    rounds = [
        (own / len(PAIRS), other / setting.plain_pairs)
        for own, other in _times([ours, published], setting)
    ]
    with torch.no_grad():
        gap = (backbone([group]) - backbone.score_hidden([group])).abs().max()
    ratios = [other / own for own, other in rounds]
    return {
        "pairs_per_second": round(1 / min(own for own, _ in rounds), 3),
        "plain_pairs_per_second": round(1 / min(other for _, other in rounds), 3),
        "training_speedup": _median(ratios),
        "training_speedup_spread": _spread(ratios),
        "packed_cached_gap": float(gap),
    }


def _median(ratios: Sequence[float]) -> float:
    return round(median(ratios), 2)


def _spread(ratios: Sequence[float]) -> dict[str, float]:
    """Median, least and greatest of the repeats' ratios."""
    return {
        "median": _median(ratios),
        "least": round(min(ratios), 2),
        "most": round(max(ratios), 2),
    }


def _loss(gap: Tensor) -> Tensor:
    return -functional.logsigmoid(gap)


def _backward(model: nn.Module, losses: list[Tensor]) -> None:
    model.zero_grad()
    torch.autograd.backward(torch.stack(losses).mean())


def _times(works: Sequence[Callable[[], None]], setting: Setting) -> list[list[float]]:
    """Seconds of each work in each repeat, taken in turn so that load falls on all alike."""
    rounds = []
    for _ in range(setting.repeats):
        row = []
        for work in works:
            began = setting.clock()
            work()
            if setting.device.type == "cuda":
                torch.cuda.synchronize()
            row.append(setting.clock() - began)
        rounds.append(row)
    return rounds
