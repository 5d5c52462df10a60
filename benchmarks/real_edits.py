"""A model that saw simulated edits only, on the real ones of the trial data. Used by studies.

A MagicBrush session shows what a person asked for (the reference) beside frames of the same
session that miss it: unchanged, undone or over-edited ones. How often does the reference win?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analytics.overall import OVERALL
from analytics.ranking.clusters import clustered_share
from analytics.tabular.reading import read_sound
from modeling.data import read_picture
from modeling.scorer import ItemScores, RewardModel, ScoreItem

REFERENCE = "reference"
_THUMB = (64, 64)


@dataclass(frozen=True)
class Duel:
    """The reference of an item against one other frame."""

    item: int
    kind: str
    won: bool


def judge_real_edits(model: Path, folder: Path) -> dict[str, Any]:
    """Shares of duels won per scale and kind of rival, with the floors of two rules without sight.

    Intervals treat a session as one cluster.
    """
    rows = read_sound(folder / "manifest.jsonl")
    sessions = [row for row in rows if REFERENCE in {each["model"] for each in row["candidates"]}]
    reward = RewardModel.from_pretrained(model)
    scored = reward.score(items=[_score_item(row, folder) for row in sessions])
    report: dict[str, Any] = {"items": len(sessions), "floors": {"a coin": 0.5}}
    for key in (OVERALL, *reward.rubric.keys):
        duels = _duels(sessions, [_means(scores, key) for scores in scored])
        report[key] = _shares(duels)
    changes = [_changes(row, folder) for row in sessions]
    turned = [{name: -change for name, change in each.items()} for each in changes]
    for name, values in (("most changed wins", changes), ("least changed wins", turned)):
        report["floors"][name] = _shares(_duels(sessions, values))["all"]["accuracy"]
    return report


def _score_item(row: Mapping[str, Any], folder: Path) -> ScoreItem:
    return ScoreItem(
        item_id=row["item_id"],
        instruction=row["instruction"],
        source=folder / row["source_image"],
        candidates={each["candidate_id"]: folder / each["image"] for each in row["candidates"]},
    )


def _means(scores: ItemScores, key: str) -> dict[str, float]:
    return {each.candidate_id: each[f"{key}_mean"] for each in scores.candidates}


def _changes(row: Mapping[str, Any], folder: Path) -> dict[str, float]:
    """Mean distance of each candidate's pixels from the source's."""
    source = _pixels(folder / row["source_image"])
    return {
        each["candidate_id"]: float(np.abs(_pixels(folder / each["image"]) - source).mean())
        for each in row["candidates"]
    }


def _pixels(path: Path) -> np.ndarray:
    return np.asarray(read_picture(path).resize(_THUMB), dtype=np.float64)


def _duels(rows: Sequence[Mapping[str, Any]], values: Sequence[Mapping[str, float]]) -> list[Duel]:
    found = []
    for item, (row, value) in enumerate(zip(rows, values, strict=True)):
        kinds = {each["candidate_id"]: each["model"] for each in row["candidates"]}
        best = max(value[name] for name, kind in kinds.items() if kind == REFERENCE)
        found += [
            Duel(item, kind, won=best > value[name])
            for name, kind in kinds.items()
            if kind != REFERENCE
        ]
    return found


def _shares(duels: Sequence[Duel]) -> dict[str, dict[str, Any]]:
    kinds = sorted({duel.kind for duel in duels})
    chosen = {"all": list(duels)} | {
        f"against {kind}": [duel for duel in duels if duel.kind == kind] for kind in kinds
    }
    return {name: _share(found) for name, found in chosen.items()}


def _share(duels: Sequence[Duel]) -> dict[str, Any]:
    share = clustered_share(
        np.array([duel.won for duel in duels]), np.array([duel.item for duel in duels])
    )
    return {
        "accuracy": share.share.correct / share.share.total,
        "pairs": share.share.total,
        "low": None if share.interval is None else share.interval.low,
        "high": None if share.interval is None else share.interval.high,
    }
