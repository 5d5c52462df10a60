"""Which choices of the reward model matter, on a simulated campaign with known truth.

    script/bench ablation [--quick] [--items 360] [--repeats 5] [--epochs 8] [--axes loss,head]
        [--seed 11] [--threads 2]

Every variant is trained with the same seeds. Besides accuracy and calibration, σ is compared with
the planted ambiguity: the area under the ROC curve for finding the half of the test candidates
that is truly more ambiguous. The ratings' own area shows what three raters tell about it.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.reward_model_campaign import Campaign, Plan, write_campaign
from benchmarks.targets import Result, Target, holds
from modeling.config import TrainConfig
from modeling.scorer import RewardModel, ScoreItem
from modeling.trainer.ablation import Variant, run_ablation, standard_variants, summarise
from simulation.ceilings import roc_area
from simulation.truth import DIMENSIONS

# Half the sides of the default: the table needs many runs, and compares them with one another.
SMALL = {"pixels": 64, "channels": (24, 32, 48, 64), "hidden_size": 64}
QUICK_AXES = ("base", "recipe")


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Train all variants and compare the expected orders with the found ones."""
    plan = Plan(items=int(options.get("items", "80" if quick else "360")), image_size=96)
    repeats = int(options.get("repeats", "1" if quick else "5"))
    base = TrainConfig(
        backbone_options=SMALL,
        epochs=float(options.get("epochs", "2" if quick else "8")),
        learning_rate=4e-3,
        evaluations_per_run=2,
        threads=int(options.get("threads", str(min(2, os.cpu_count() or 1)))),
    )
    axes = options.get("axes", ",".join(QUICK_AXES) if quick else "").split(",")
    variants = [each for each in standard_variants(base) if each.axis in axes or axes == [""]]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        seed = int(options.get("seed", "11"))
        campaign = write_campaign(folder / "data", plan, seed=seed)
        areas = _rating_areas(campaign)
        rows = _train(variants, campaign, folder / "models", repeats)
    figures = {
        "items": plan.items,
        "repeats": repeats,
        "accuracy_ceilings": {key: each.strict for key, each in campaign.ceilings.items()},
        "sigma_auc_of_the_ratings": areas,
        "rows": rows,
    }
    return Result(figures=figures, targets=_targets(rows))


def _train(
    variants: list[Variant], campaign: Campaign, folder: Path, repeats: int
) -> list[dict[str, Any]]:
    measure = AmbiguityMeasure.of(campaign)
    outcomes = []
    for variant in variants:
        outcomes += run_ablation(
            [variant], data=campaign.folder, folder=folder, seeds=range(repeats), measure=measure
        )
        print(json.dumps(summarise(outcomes[-repeats:])[0]), flush=True)
    return summarise(outcomes)


@dataclass(frozen=True)
class AmbiguityMeasure:
    """Areas of a checkpoint's σ against the true ambiguity of the test candidates."""

    items: list[ScoreItem]
    ambiguity: np.ndarray  # (test items, k, 2)

    @classmethod
    def of(cls, campaign: Campaign) -> AmbiguityMeasure:
        """Open the test items of a campaign."""
        lines = (campaign.folder / "groups.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(lines[index]) for index in campaign.test]
        items = [_score_item(row, campaign.folder) for row in rows]
        return cls(items, campaign.truth.ambiguity[campaign.test])

    def __call__(self, checkpoint: Path) -> dict[str, float | None]:
        """``sigma_auc_<dimension>`` and the median σ, by which a collapse shows."""
        scored = RewardModel.from_pretrained(checkpoint).score(items=self.items)
        figures: dict[str, float | None] = {}
        for column, key in enumerate(DIMENSIONS):
            sigma = np.array([each[f"{key}_std"] for item in scored for each in item.candidates])
            truth = self.ambiguity[..., column].ravel()
            figures[f"sigma_auc_{key}"] = roc_area(sigma, truth > np.median(truth))
            figures[f"sigma_median_{key}"] = float(np.median(sigma))
        return figures


def _score_item(row: Mapping[str, Any], folder: Path) -> ScoreItem:
    return ScoreItem(
        item_id=row["item_id"],
        instruction=row["instruction"],
        source=folder / row["source_image"],
        candidates={each["candidate_id"]: folder / each["image"] for each in row["candidates"]},
    )


def _rating_areas(campaign: Campaign) -> dict[str, float]:
    """What the standard deviation among the test items' own raters tells about ambiguity."""
    lines = (campaign.folder / "groups.jsonl").read_text(encoding="utf-8").splitlines()
    candidates = [each for i in campaign.test for each in json.loads(lines[i])["candidates"]]
    areas = {}
    for column, key in enumerate(DIMENSIONS):
        given = [each["ratings"][key] for each in candidates]
        spread = np.array([np.std(levels) if levels else 0.0 for levels in given])
        truth = campaign.truth.ambiguity[campaign.test][..., column].ravel()
        areas[key] = roc_area(spread, truth > np.median(truth))
    return areas


# What is expected of (axis, name): figure of the first is at least that of the second.
_EXPECTED = (
    ("integrated loss orders at least as well as the published one",
     ("loss", "integrated"), ("loss", "as_published"), "accuracy_overall", 1),
    ("integrated loss has the lower pair NLL",
     ("loss", "integrated"), ("loss", "as_published"), "nll", -1),
    ("σ of the integrated loss finds ambiguity better (IF)",
     ("loss", "integrated"), ("loss", "as_published"), "sigma_auc_if", 1),
    ("σ of the integrated loss finds ambiguity better (VQ)",
     ("loss", "integrated"), ("loss", "as_published"), "sigma_auc_vq", 1),
    ("pair-wise training beats point-wise squared error",
     ("loss", "integrated"), ("loss", "squared_error"), "accuracy_overall", 1),
    ("separate heads order at least as well as a shared one",
     ("base", "base"), ("head", "shared"), "accuracy_overall", 1),
    ("tagged ties help IF", ("base", "base"), ("ties", "drop"), "accuracy_if", 1),
    ("tagged ties help VQ", ("base", "base"), ("ties", "drop"), "accuracy_vq", 1),
    ("the default beats the published recipe",
     ("base", "base"), ("recipe", "published"), "accuracy_overall", 1),
)  # fmt: skip


def _targets(rows: list[dict[str, Any]]) -> list[Target]:
    """Each expectation whose two rows were trained, judged on the means over the seeds."""
    found = {(row["axis"], row["name"]): row["figures"] for row in rows}
    return [
        holds(name, met=sign * (_mean(found[one], figure) - _mean(found[two], figure)) >= 0)
        for name, one, two, figure, sign in _EXPECTED
        if one in found and two in found
    ]


def _mean(figures: Mapping[str, Any], name: str) -> float:
    value = figures[name]["mean"]
    return float("nan") if value is None else float(value)
