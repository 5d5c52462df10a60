"""The items of a manifest file; ``score`` reads them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from modeling.data import DataError, RowProblem
from modeling.data.lines import (
    checked_objects,
    checked_text,
    missing_images,
    parse_each,
    parse_lines,
)
from modeling.data.verbatim import verbatim_text
from modeling.scorer import ScoreItem


def read_items(manifest: Path) -> list[ScoreItem]:
    """The items of ``manifest.jsonl`` or ``groups.jsonl``, image paths relative to the file.

    Raises:
        DataError: every bad row with its line: fields, repeated ids, images that are not there.
        ValueError: the file holds no item at all.
    """
    problems: list[RowProblem] = []
    items: list[ScoreItem] = []
    seen: set[str] = set()
    for line, item in parse_lines(manifest, partial(_item, folder=manifest.parent), problems):
        reasons = ["the item id repeats"] if item.item_id in seen else []
        images = (item.source, *item.candidates.values())
        reasons += missing_images({str(path): path for path in images if isinstance(path, Path)})
        problems += [RowProblem(line, item.item_id, reason) for reason in reasons]
        seen.add(item.item_id)
        if not reasons:
            items.append(item)
    if problems:
        raise DataError(problems, rows=len(items) + len({problem.line for problem in problems}))
    if not items:
        raise ValueError(f"{manifest} holds no items")
    return items


def _item(row: Mapping[str, Any], folder: Path) -> ScoreItem:
    rows = checked_objects(row, "candidates")
    candidates: dict[str, Path] = {}
    for name, image in parse_each(rows, _candidate, "candidate", "candidate_id"):
        if name in candidates:
            raise ValueError(f"candidate id {name!r} repeats")
        candidates[name] = folder / image
    if not candidates:
        raise ValueError("an item needs at least one candidate")
    return ScoreItem(
        item_id=checked_text(row, "item_id"),
        instruction=verbatim_text(row, "instruction"),
        source=folder / checked_text(row, "source_image"),
        candidates=candidates,
    )


def _candidate(row: Mapping[str, Any]) -> tuple[str, str]:
    return checked_text(row, "candidate_id"), checked_text(row, "image")
