"""A training folder: ``groups.jsonl``, ``rubric.json`` and ``manifest.json``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from modeling.config import RubricText, Split
from modeling.data.errors import DataError, RowProblem
from modeling.data.lines import parse_lines
from modeling.data.rows import GroupRow, parse_group

GROUPS_FILE, RUBRIC_FILE, MANIFEST_FILE = "groups.jsonl", "rubric.json", "manifest.json"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset version: its rubric, its items and the hash that names it."""

    folder: Path
    rubric: RubricText
    groups: tuple[GroupRow, ...]
    sha256: str  # of manifest.json, or of groups.jsonl where there is none

    def split(self, split: Split) -> tuple[GroupRow, ...]:
        """The items on one side of the recorded split."""
        return tuple(row for row in self.groups if row.split is split)

    def path(self, image: str) -> Path:
        """Where an image lies: absolute, or relative to the folder."""
        return self.folder / image


def read_dataset(folder: Path) -> Dataset:
    """Read and check a folder; ``DataError`` lists every bad row, with its line."""
    groups_file = folder / GROUPS_FILE
    for needed in (groups_file, folder / RUBRIC_FILE):
        if not needed.is_file():
            raise FileNotFoundError(f"{folder} is no training folder: {needed.name} is missing")
    rubric = RubricText.read(folder / RUBRIC_FILE)
    problems: list[RowProblem] = []
    groups = tuple(_parse(groups_file, rubric, folder, problems))
    if problems:
        raise DataError(problems, rows=len(groups) + len({p.line for p in problems}))
    return Dataset(folder, rubric, groups, _version_hash(folder))


def _parse(
    path: Path, rubric: RubricText, folder: Path, problems: list[RowProblem]
) -> Iterator[GroupRow]:
    seen: set[str] = set()
    for line, row in parse_lines(path, partial(parse_group, rubric=rubric), problems):
        found = [*_repeats(row, seen), *_missing_images(row, folder)]
        problems += [RowProblem(line, row.item_id, reason) for reason in found]
        if not found:
            yield row


def _repeats(row: GroupRow, seen: set[str]) -> list[str]:
    if row.item_id in seen:
        return ["the item id repeats"]
    seen.add(row.item_id)
    return []


def _missing_images(row: GroupRow, folder: Path) -> list[str]:
    return [f"image {name} is missing" for name in row.image_names if not (folder / name).is_file()]


def _version_hash(folder: Path) -> str:
    manifest = folder / MANIFEST_FILE
    named = manifest if manifest.is_file() else folder / GROUPS_FILE
    return hashlib.sha256(named.read_bytes()).hexdigest()
