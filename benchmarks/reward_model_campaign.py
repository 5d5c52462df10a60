"""A simulated campaign as a training folder, with its ceilings. Used by the reward model's studies.

The folder is what the site exports: groups.jsonl, rubric.json and images.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.tabular.reading import read_sound
from simulation.annotators.rosters import build_roster
from simulation.ceilings import AccuracyCeiling, accuracy_ceilings
from simulation.manifest import write_manifest
from simulation.ratings import TruthTable, simulate_ratings, tabulate_truth
from simulation.truth import DIMENSIONS
from simulation.world import World

NAMES = {"if": "Instruction Following", "vq": "Visual Quality"}
LEVELS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Campaign:
    """A written campaign: its folder, the truth behind it and the test items' ceilings."""

    folder: Path
    truth: TruthTable  # of all items
    test: NDArray[np.int64]  # positions of the test items
    ceilings: dict[str, AccuracyCeiling]


@dataclass(frozen=True)
class Plan:
    """The size of a campaign."""

    items: int
    candidates: int = 7
    raters: int = 3
    roster: int = 12
    image_size: int = 128
    test_share: float = 0.25
    validation_share: float = 0.1


def write_campaign(folder: Path, plan: Plan, *, seed: int, processes: int = 4) -> Campaign:
    """Draw a world, let a roster rate it and write the training folder."""
    world = World(seed=seed, items=plan.items, image_size=plan.image_size)
    write_manifest(world, folder, pool=plan.candidates, processes=processes)
    rows = read_sound(folder / "manifest.jsonl")
    truth = tabulate_truth(
        [candidate.truth for candidate in item.candidates[: plan.candidates]] for item in world
    )
    roster = build_roster(seed, plan.roster)
    ratings = simulate_ratings(truth, roster, plan.raters, np.random.default_rng(seed))
    splits = _splits(plan, np.random.default_rng([seed, 1]))
    with (folder / "groups.jsonl").open("w", encoding="utf-8") as lines:
        for row, levels, split in zip(rows, ratings.levels, splits, strict=True):
            lines.write(json.dumps(_group(row, levels, split), ensure_ascii=False) + "\n")
    (folder / "rubric.json").write_text(json.dumps(_rubric()))
    test = np.flatnonzero(np.array(splits) == "test")
    judged = TruthTable(truth.quality[test], truth.ambiguity[test])
    ceilings = accuracy_ceilings(judged, roster, plan.raters, np.random.default_rng([seed, 2]))
    return Campaign(folder, truth, test, ceilings)


def _splits(plan: Plan, rng: np.random.Generator) -> list[str]:
    tests = round(plan.items * plan.test_share)
    validations = round(plan.items * plan.validation_share)
    names = np.array(
        ["test"] * tests
        + ["validation"] * validations
        + ["train"] * (plan.items - tests - validations)
    )
    return [str(name) for name in rng.permutation(names)]


def _rubric() -> dict[str, Any]:
    return {
        "dimensions": [
            {"key": key, "name": NAMES[key], "weight": 1, "levels": list(LEVELS)}
            for key in DIMENSIONS
        ]
    }


def _group(row: dict[str, Any], levels: NDArray[np.float64], split: str) -> dict[str, Any]:
    """An exported row; ``levels`` is (raters, k, 2) with NaN for *cannot judge*."""
    candidates = [
        _candidate(candidate, levels[:, index]) for index, candidate in enumerate(row["candidates"])
    ]
    group = {**row, "split": split, "candidates": candidates}
    return {**group, "pairs": list(_pairs(candidates))}


def _candidate(candidate: dict[str, Any], levels: NDArray[np.float64]) -> dict[str, Any]:
    ratings = {
        key: [int(level) for level in levels[:, column] if np.isfinite(level)]
        for column, key in enumerate(DIMENSIONS)
    }
    scores = {
        key: {"numerator": sum(given), "denominator": len(given)} if given else None
        for key, given in ratings.items()
    }
    return {
        "candidate_id": candidate["candidate_id"],
        "generator": candidate["model"],
        "seed": candidate["seed"],
        "image": candidate["image"],
        "scores": scores,
        "ratings": ratings,
    }


def _pairs(candidates: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for first, second in combinations(candidates, 2):
        if None in (*first["scores"].values(), *second["scores"].values()):
            continue
        gaps = {key: _score(first, key) - _score(second, key) for key in DIMENSIONS}
        total = sum(gaps.values())
        if total:
            yield _pair("strict", "overall", first, second, total)
        elif any(gaps.values()):
            for key, gap in gaps.items():
                yield _pair("disentangled", key, first, second, gap)
        else:
            yield _pair("identical", "overall", first, second, Fraction(1))


def _score(candidate: dict[str, Any], key: str) -> Fraction:
    score = candidate["scores"][key]
    return Fraction(score["numerator"], score["denominator"])


def _pair(
    kind: str, dimension: str, first: dict[str, Any], second: dict[str, Any], gap: Fraction | int
) -> dict[str, Any]:
    preferred, other = (first, second) if gap > 0 else (second, first)
    return {
        "kind": kind,
        "dimension": dimension,
        "preferred": preferred["candidate_id"],
        "other": other["candidate_id"],
        "weight": 1,
    }
