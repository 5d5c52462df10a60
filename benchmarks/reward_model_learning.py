"""How well the compact reward model learns a simulated campaign, beside what truth allows.

    script/bench reward_model_learning [--quick] [--items 4000] [--epochs 2.4] [--seed 7]
        [--threads 4]

A world is drawn and rated by simulated annotators (three per item, seven candidates), the compact
model is trained from nothing, and its held-out accuracy is set against the oracle's. Then the
same model meets the real edits of the shared trial data, which it has never seen.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from analytics.ranking.proportions import clopper_pearson, count_true
from benchmarks.reward_model_campaign import Campaign, Plan, write_campaign
from benchmarks.targets import Result, Target, at_least, at_most
from modeling.config import TrainConfig
from modeling.scorer import ItemScores, RewardModel, ScoreItem
from modeling.trainer import train

SHARE_OF_CEILING, SECONDS = 0.9, 120.0
REFERENCE = "reference"
HERE = Path(__file__).resolve().parent.parent


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Draw, rate, train, judge; the quick form is too small to be held to the targets."""
    items = int(options.get("items", "120" if quick else "4000"))
    epochs = float(options.get("epochs", "1" if quick else "2.4"))
    threads = int(options.get("threads", str(min(4, os.cpu_count() or 1))))
    config = TrainConfig(epochs=epochs, learning_rate=3e-3, evaluations_per_run=2, threads=threads)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        campaign = write_campaign(
            folder / "data", Plan(items=items), seed=int(options.get("seed", "7"))
        )
        wall, processor = time.perf_counter(), time.process_time()
        result = train(config, data=campaign.folder, output=folder / "model", progress=_show)
        figures: dict[str, Any] = {
            "items": items,
            "train_seconds": time.perf_counter() - wall,
            "train_cpu_seconds": time.process_time() - processor,
            "steps": result.steps,
            "threads": torch.get_num_threads(),
            "load_average": os.getloadavg()[0],
            **_accuracies(campaign, result.metrics["test"]),
            "real_edits": _real_edits(folder / "model"),
        }
    return Result(figures=figures, targets=_targets(figures, quick=quick))


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
    return {"held_out": scales}


def _targets(figures: Mapping[str, Any], *, quick: bool) -> list[Target]:
    overall = figures["held_out"]["overall"]
    if quick:
        return [at_least("held-out pairs in order, better than a coin", overall["accuracy"], 0.5)]
    return [
        at_least("share of the accuracy ceiling", overall["share_of_ceiling"], SHARE_OF_CEILING),
        at_most("seconds of training", figures["train_seconds"], SECONDS),
    ]


def _real_edits(model: Path) -> dict[str, Any] | str:
    """How often the true result beats the other frames of its MagicBrush session, zero-shot."""
    folder = Path(os.environ.get("SHARED_DATA", HERE.parent / "shared" / "data")) / "real_edits"
    if not folder.is_dir():
        return "no trial data: set SHARED_DATA"
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    sessions = [row for row in rows if REFERENCE in {each["model"] for each in row["candidates"]}]
    scored = RewardModel.from_pretrained(model).score(
        items=[_score_item(row, folder) for row in sessions]
    )
    wins: dict[str, list[bool]] = {}
    for row, scores in zip(sessions, scored, strict=True):
        for kind, won in _reference_wins(row, scores):
            wins.setdefault(kind, []).append(won)
    everything = [won for kind in wins.values() for won in kind]
    return {
        "items": len(sessions),
        "all": _share(everything),
        **{f"against_{kind}": _share(found) for kind, found in sorted(wins.items())},
    }


def _score_item(row: Mapping[str, Any], folder: Path) -> ScoreItem:
    return ScoreItem(
        item_id=row["item_id"],
        instruction=row["instruction"],
        source=folder / row["source_image"],
        candidates={each["candidate_id"]: folder / each["image"] for each in row["candidates"]},
    )


def _reference_wins(row: Mapping[str, Any], scores: ItemScores) -> list[tuple[str, bool]]:
    means = {each.candidate_id: each["overall_mean"] for each in scores.candidates}
    kinds = {each["candidate_id"]: each["model"] for each in row["candidates"]}
    best = max(means[name] for name, kind in kinds.items() if kind == REFERENCE)
    return [(kind, best > means[name]) for name, kind in kinds.items() if kind != REFERENCE]


def _share(wins: list[bool]) -> dict[str, Any]:
    share = count_true(torch.tensor(wins).numpy())
    interval = clopper_pearson(share)
    return {
        "accuracy": share.correct / share.total,
        "pairs": share.total,
        "low": None if interval is None else interval.low,
        "high": None if interval is None else interval.high,
    }
