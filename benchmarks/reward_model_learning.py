"""How well the compact reward model learns a simulated campaign, beside what truth allows.

    script/bench reward_model_learning [--quick] [--items 4000] [--epochs 5] [--repeats 1]
        [--seed 7] [--processes 4]

In each repeat a world is drawn and rated by simulated annotators (three per item, seven
candidates), the compact model is trained from scratch, and its held-out accuracy is compared with
the oracle's. Then it scores the real edits of the shared trial data, which it has never seen.

Its operations are too small to be shared out among threads, so one process per core trains; the
time is that of the whole command, from Python's start to the finished card.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from analytics.overall import OVERALL
from benchmarks.machine import usable_cores
from benchmarks.real_edits import judge_real_edits
from benchmarks.reward_model_campaign import Campaign, Plan, write_campaign
from benchmarks.reward_model_truth import TruthMeasure, ambiguity_bounds
from benchmarks.targets import Result, Target, at_least, at_most
from modeling.config import TrainConfig

SHARE_OF_CEILING, SECONDS = 0.9, 120.0
_BATCH = 12  # items of one optimiser step, over all processes
HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Trial:
    """What is trained in each repeat."""

    items: int
    config: TrainConfig
    processes: int


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Draw, rate, train, judge; the quick form is too small to be held to the targets."""
    processes = int(options.get("processes", "1" if quick else "4"))
    trial = Trial(
        items=int(options.get("items", "120" if quick else "4000")),
        config=TrainConfig(
            epochs=float(options.get("epochs", "1" if quick else "5")),
            learning_rate=5e-3,
            groups_per_batch=_BATCH // processes,
            evaluations_per_run=1,
            threads=1,
        ),
        processes=processes,
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
        cores = usable_cores(trial.processes)
        wall, processor = time.perf_counter(), _processor_seconds()
        printed = _train(trial, campaign.folder, folder / "model")
        spent = time.perf_counter() - wall, _processor_seconds() - processor
        return {
            "seed": seed,
            "train_seconds": spent[0],
            "train_cpu_seconds": spent[1],
            "steps": printed["steps"],
            "processes": trial.processes,
            "usable_cores": [cores, usable_cores(trial.processes)],  # before and after
            "load_average": os.getloadavg()[0],
            "held_out": _accuracies(campaign, printed["metrics"]["test"]),
            "truth": TruthMeasure.of(campaign)(folder / "model"),
            "truth_bounds": ambiguity_bounds(campaign, plan, seed),
            "real_edits": _real_edits(folder / "model"),
        }


def _train(trial: Trial, data: Path, model: Path) -> dict[str, Any]:
    """Run the training command; what it prints."""
    settings = model.with_name("settings.json")
    settings.write_text(json.dumps(trial.config.to_json()), encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "modeling", "train", str(data), str(model)),
            *("--config", str(settings), "--processes", str(trial.processes)),
        ],
        check=True,
        stdout=subprocess.PIPE,
    )
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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
