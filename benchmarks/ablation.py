"""Which choices of the reward model matter, on simulated campaigns with known truth.

    script/bench ablation [--quick] [--items 600] [--repeats 5] [--epochs 5] [--axes loss,head]
        [--skip mean,thurstone] [--seed 11] [--threads 1] [--log FILE]

Each repeat draws and rates a new world and trains every variant on it with one seed, so that
differences are paired. Besides accuracy and calibration, σ is compared with the planted ambiguity.
Each trained model is a line of the log; a run that was cut short resumes from its log.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from analytics.tabular.reading import read_sound
from benchmarks.reward_model_campaign import Campaign, Plan, write_campaign
from benchmarks.reward_model_truth import TruthMeasure, ambiguity_bounds
from benchmarks.targets import Result, Target, holds
from modeling.config import TrainConfig
from modeling.evaluation import to_plain
from modeling.trainer.ablation import Outcome, Row, Variant, run_ablation, standard_variants
from modeling.trainer.differences import change, summarise

# Smaller than the default: the table needs many runs, and compares them with one another.
SMALL = {"pixels": 64, "patch": 4, "channels": (32, 48, 64), "hidden_size": 64}
QUICK_AXES = "base,recipe"
BOUNDS: Row = ("bounds", "what the raters allow")


@dataclass(frozen=True)
class Design:
    """The worlds, the variants and where the lines go."""

    plan: Plan
    variants: list[Variant]
    first_seed: int
    repeats: int
    log: Path


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Train all variants and compare the expected orders with the found ones."""
    with tempfile.TemporaryDirectory() as scratch:
        design = _design(Path(scratch), options, quick=quick)
        outcomes, bounds = _collect(design, Path(scratch))
    figures = {
        "items": design.plan.items,
        "repeats": design.repeats,
        "bounds": {name: fmean(each[name] for each in bounds) for name in bounds[0]},
        "rows": to_plain(summarise(outcomes)),
        "comparisons": [to_plain(row) for row in _comparisons(outcomes)],
    }
    return Result(figures=figures, targets=_targets(outcomes))


def _design(scratch: Path, options: Mapping[str, str], *, quick: bool) -> Design:
    base = TrainConfig(
        backbone_options=SMALL,
        epochs=float(options.get("epochs", "1" if quick else "5")),
        learning_rate=4e-3,
        evaluations_per_run=1,
        threads=int(options.get("threads", "1")),
    )
    axes = options.get("axes", QUICK_AXES if quick else "")
    skipped = options.get("skip", "").split(",")
    variants = [
        each
        for each in standard_variants(base)
        if (not axes or each.axis in axes.split(",")) and each.name not in skipped
    ]
    return Design(
        plan=Plan(items=int(options.get("items", "60" if quick else "600")), image_size=96),
        variants=variants,
        first_seed=int(options.get("seed", "11")),
        repeats=int(options.get("repeats", "1" if quick else "5")),
        log=Path(options.get("log", str(scratch / "log.jsonl"))),
    )


def _collect(design: Design, scratch: Path) -> tuple[list[Outcome], list[dict[str, float]]]:
    """Every outcome, trained now or found in the log, and each world's bounds."""
    known = {(row["seed"], row["axis"], row["name"]): row for row in read_log(design.log)}
    outcomes: list[Outcome] = []
    bounds: list[dict[str, float]] = []
    for seed in range(design.first_seed, design.first_seed + design.repeats):
        missing = []
        for variant in design.variants:
            row = known.get((seed, variant.axis, variant.name))
            if row is None:
                missing.append(variant)
            else:
                outcomes.append(Outcome(variant, seed, row["seconds"], row["figures"]))
        if missing or (seed, *BOUNDS) not in known:
            world = scratch / f"world-{seed}"
            campaign = write_campaign(world, design.plan, seed=seed, processes=1)
            bounds.append(_bounds(campaign, design.plan, seed))
            _write(design.log, seed, BOUNDS, 0.0, bounds[-1])
            outcomes += _train(design, campaign, missing, seed)
        else:
            bounds.append(known[(seed, *BOUNDS)]["figures"])
    return outcomes, bounds


def _train(design: Design, campaign: Campaign, variants: list[Variant], seed: int) -> list[Outcome]:
    measure = TruthMeasure.of(campaign)
    outcomes = []
    runs = run_ablation(
        variants,
        data=campaign.folder,
        folder=campaign.folder.with_name(f"models-{seed}"),
        seeds=[seed],
        measure=measure,
    )
    for outcome in runs:
        outcomes.append(outcome)
        row = (outcome.variant.axis, outcome.variant.name)
        _write(design.log, seed, row, outcome.seconds, outcome.figures)
    return outcomes


def _bounds(campaign: Campaign, plan: Plan, seed: int) -> dict[str, float]:
    accuracy = {f"accuracy_{key}": each.strict for key, each in campaign.ceilings.items()}
    return accuracy | ambiguity_bounds(campaign, plan, seed)


def read_log(path: Path) -> list[dict[str, Any]]:
    """The rows that an earlier, unfinished run left."""
    return read_sound(path) if path.is_file() and path.stat().st_size else []


def _write(
    log: Path, seed: int, row: Row, seconds: float, figures: Mapping[str, float | None]
) -> None:
    line = json.dumps(
        {"seed": seed, "axis": row[0], "name": row[1], "seconds": seconds, "figures": figures}
    )
    with log.open("a", encoding="utf-8") as lines:
        lines.write(line + "\n")
    print(line, flush=True)


@dataclass(frozen=True)
class Expectation:
    """A statement of the literature: the first row's figure is higher (sign 1) or lower (-1)."""

    statement: str
    of: Row
    against: Row
    figure: str
    sign: int = 1


_INTEGRATED: Row = ("loss", "integrated")
_PUBLISHED: Row = ("loss", "as_published")
_BASE: Row = ("base", "base")
_EXPECTED = (
    Expectation("the integrated loss orders at least as well as the published one",
                _INTEGRATED, _PUBLISHED, "accuracy_overall"),
    Expectation("… and has the lower pair NLL", _INTEGRATED, _PUBLISHED, "nll_raw", -1),
    Expectation("… and the lower calibration error", _INTEGRATED, _PUBLISHED, "ece_raw", -1),
    Expectation("… and its σ finds ambiguity (IF)", _INTEGRATED, _PUBLISHED, "sigma_auc_if"),
    Expectation("… and its σ finds ambiguity (VQ)", _INTEGRATED, _PUBLISHED, "sigma_auc_vq"),
    Expectation("… whose σ collapses (IF)", _PUBLISHED, _INTEGRATED, "sigma_median_if", -1),
    Expectation("… whose σ collapses (VQ)", _PUBLISHED, _INTEGRATED, "sigma_median_vq", -1),
    Expectation("pair-wise training beats point-wise squared error",
                _INTEGRATED, ("loss", "squared_error"), "accuracy_overall"),
    Expectation("separate heads order at least as well as a shared one",
                _BASE, ("head", "shared"), "accuracy_overall"),
    Expectation("tagged ties help IF", _BASE, ("ties", "drop"), "accuracy_if"),
    Expectation("tagged ties help VQ", _BASE, ("ties", "drop"), "accuracy_vq"),
    Expectation("the default beats the published recipe",
                _BASE, ("recipe", "published"), "accuracy_overall"),
    Expectation("the point-wise anchor helps σ (IF)", _BASE, _INTEGRATED, "sigma_auc_if"),
    Expectation("the point-wise anchor helps σ (VQ)", _BASE, _INTEGRATED, "sigma_auc_vq"),
)  # fmt: skip


def _comparisons(outcomes: list[Outcome]) -> list[dict[str, Any]]:
    """Every expectation whose two rows were trained, with the paired difference."""
    rows = []
    for each in _EXPECTED:
        found = change(outcomes, figure=each.figure, of=each.of, against=each.against)
        if found is not None:
            met = each.sign * found.mean >= 0
            rows.append({"expected": each, "found": found, "met": met})
    return rows


def _targets(outcomes: list[Outcome]) -> list[Target]:
    return [holds(row["expected"].statement, met=row["met"]) for row in _comparisons(outcomes)]
