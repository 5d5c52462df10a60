"""How well the compact reward model learns a simulated campaign, beside what truth allows.

    script/bench reward_model_learning [--quick] [--items 4000] [--epochs 4] [--repeats 1]
        [--seed 7] [--threads 4]

In each repeat a world is drawn and rated by simulated annotators (three per item, seven
candidates), the compact model is trained from nothing, and its held-out accuracy is set against
the oracle's. Then it meets the real edits of the shared trial data, which it has never seen.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import torch

from benchmarks.real_edits import judge_real_edits
from benchmarks.reward_model_campaign import Campaign, Plan, write_campaign
from benchmarks.reward_model_truth import TruthMeasure, ambiguity_bounds
from benchmarks.targets import Result, Target, at_least, at_most
from modeling.config import OVERALL, TrainConfig
from modeling.trainer import train

SHARE_OF_CEILING, SECONDS = 0.9, 120.0
HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Trial:
    """What is trained in each repeat."""

    items: int
    config: TrainConfig


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Draw, rate, train, judge; the quick form is too small to be held to the targets."""
    trial = Trial(
        items=int(options.get("items", "120" if quick else "4000")),
        config=TrainConfig(
            epochs=float(options.get("epochs", "1" if quick else "4")),
            learning_rate=5e-3,
            groups_per_batch=12,
            evaluations_per_run=1,
            threads=int(options.get("threads", str(min(4, os.cpu_count() or 1)))),
        ),
    )
    first = int(options.get("seed", "7"))
    seeds = range(first, first + int(options.get("repeats", "1")))
    runs = [_run(trial, seed) for seed in seeds]
    shares = [run["held_out"][OVERALL]["share_of_ceiling"] for run in runs]
    figures = {
        "items": trial.items,
        "share_of_ceiling_mean": fmean(shares),
        "share_of_ceiling_sd": stdev(shares) if len(shares) > 1 else None,
        "runs": runs,
    }
    return Result(figures=figures, targets=_targets(figures, quick=quick))


def _run(trial: Trial, seed: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        plan = Plan(items=trial.items)
        campaign = write_campaign(folder / "data", plan, seed=seed)
        wall, processor = time.perf_counter(), time.process_time()
        result = train(trial.config, data=campaign.folder, output=folder / "model", progress=_show)
        spent = time.perf_counter() - wall, time.process_time() - processor
        return {
            "seed": seed,
            "train_seconds": spent[0],
            "train_cpu_seconds": spent[1],
            "steps": result.steps,
            "threads": torch.get_num_threads(),
            "load_average": os.getloadavg()[0],
            "held_out": _accuracies(campaign, result.metrics["test"]),
            "truth": TruthMeasure.of(campaign)(folder / "model"),
            "truth_bounds": ambiguity_bounds(campaign, plan, seed),
            "real_edits": _real_edits(folder / "model"),
        }


def _show(done: int, total: int, phase: str) -> None:
    if done == total or done % 100 == 0:
        print(f"{phase}: {done} of {total}", flush=True)


def _accuracies(campaign: Campaign, metrics: Mapping[str, float]) -> dict[str, Any]:
    scales = {}
    for key, ceiling in campaign.ceilings.items():
        accuracy = metrics[f"accuracy_{key}"]
        scales[key] = {
            "accuracy": accuracy,
            "ceiling": ceiling.strict,
            "share_of_ceiling": accuracy / ceiling.strict,
            "always_tie_floor_with_ties": ceiling.tie_share,
            "pairs": metrics[f"pairs_{key}"],
        }
    return scales


def _real_edits(model: Path) -> dict[str, Any] | str:
    folder = Path(os.environ.get("SHARED_DATA", HERE.parent / "shared" / "data")) / "real_edits"
    if not folder.is_dir():
        return "no trial data: set SHARED_DATA"
    return judge_real_edits(model, folder)


def _targets(figures: Mapping[str, Any], *, quick: bool) -> list[Target]:
    if quick:
        accuracy = figures["runs"][0]["held_out"][OVERALL]["accuracy"]
        return [at_least("held-out pairs in order, better than a coin", accuracy, 0.5)]
    slowest = max(run["train_seconds"] for run in figures["runs"])
    return [
        at_least("share of the ceiling", figures["share_of_ceiling_mean"], SHARE_OF_CEILING),
        at_most("seconds of training, the slowest run", slowest, SECONDS),
    ]
