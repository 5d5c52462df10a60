"""A training folder: ``groups.jsonl``, ``rubric.json`` and ``manifest.json``."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from analytics.tabular.reading import open_table_file
from analytics.tabular.rows import ReadOptions, RowProblem, TableRow
from modeling.config import RubricText, Split
from modeling.data.errors import DataError, RowError, row_problem
from modeling.data.lines import missing_images, parse_rows
from modeling.data.rows import GroupRow, parse_group

GROUPS_FILE, RUBRIC_FILE, MANIFEST_FILE = "groups.jsonl", "rubric.json", "manifest.json"
SHA256 = re.compile("[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset version: its rubric, its items and the hash that names it."""

    folder: Path
    rubric: RubricText
    groups: tuple[GroupRow, ...]
    sha256: str  # of manifest.json, or of groups.jsonl where there is none
    lines: tuple[int, ...]  # line of each item in groups.jsonl
    content_sha256: str  # of groups.jsonl and rubric.json themselves, whatever a manifest says
    listed: Mapping[Path, str]  # sha256 of images in the manifest, checked when they are decoded

    def split(self, split: Split) -> tuple[GroupRow, ...]:
        """The items on one side of the recorded split."""
        return tuple(row for row in self.groups if row.split is split)

    def path(self, image: str) -> Path:
        """The path of an image: absolute, or relative to the folder."""
        return self.folder / image

    def problems_of_images(self, reasons: Mapping[Path, str]) -> list[RowProblem]:
        """Problems with images, reported for every row that shows them."""
        return [
            _problem(line, row, RowError(reasons[path], "Replace the image, or take the item out."))
            for line, row in zip(self.lines, self.groups, strict=True)
            for path in dict.fromkeys(map(self.path, row.image_names))
            if path in reasons
        ]


def read_dataset(folder: Path) -> Dataset:
    """Read and check a folder.

    Raises:
        DataError: every bad row, with its line.
        ValueError: a file is not the one that ``manifest.json`` lists, or the rubric is not one.
    """
    groups_file = folder / GROUPS_FILE
    for needed in (groups_file, folder / RUBRIC_FILE):
        if not needed.is_file():
            raise FileNotFoundError(f"{folder} is not a training folder: {needed.name} is missing")
    digests = {name: _digest(folder / name) for name in (GROUPS_FILE, RUBRIC_FILE)}
    listed = _listed_digests(folder / MANIFEST_FILE)
    _check_listed(folder, digests, listed)
    rubric = RubricText.read(folder / RUBRIC_FILE)
    problems: list[RowProblem] = []
    found = dict(_parse(groups_file, rubric, folder, problems))
    if problems:
        raise DataError(problems, rows=len(found) + len({p.line for p in problems}))
    if not found:
        raise ValueError(f"{groups_file} contains no items")
    content = hashlib.sha256("".join(digests.values()).encode()).hexdigest()
    manifest = folder / MANIFEST_FILE
    named = _digest(manifest) if manifest.is_file() else digests[GROUPS_FILE]
    return Dataset(
        folder=folder,
        rubric=rubric,
        groups=tuple(found.values()),
        sha256=named,
        lines=tuple(found),
        content_sha256=content,
        listed=_listed_images(folder, found.values(), listed),
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_listed(folder: Path, digests: Mapping[str, str], listed: Mapping[str, str]) -> None:
    """Refuse a file that was changed after its manifest was written."""
    for name, found in digests.items():
        if listed.get(name, found) != found:
            raise ValueError(
                f"{folder / name} is not the file that {MANIFEST_FILE} lists: "
                f"its sha256 is {found}, not {listed[name]}"
            )


def _listed_images(
    folder: Path, rows: Iterable[GroupRow], listed: Mapping[str, str]
) -> dict[Path, str]:
    """The sha256 of the rows' images that are listed, however a row spells their names."""
    base = str(folder.absolute())
    known = {_place(base, name): sha256 for name, sha256 in listed.items()}
    places = {name: _place(base, name) for row in rows for name in row.image_names}
    return {folder / name: known[place] for name, place in places.items() if place in known}


def _place(base: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(base, name))


def _listed_digests(manifest: Path) -> dict[str, str]:
    """The sha256 of each file by its name; empty without a manifest or a list of files in it."""
    if not manifest.is_file():
        return {}
    try:
        value: Any = json.loads(manifest.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{manifest}: {error}") from error
    files = value.get("files") if isinstance(value, dict) else None
    if not isinstance(files, dict):
        return {}
    found = {
        posixpath.normpath(name): facts["sha256"]
        for name, facts in files.items()
        if isinstance(facts, dict) and "sha256" in facts
    }
    for name, sha256 in found.items():
        if not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
            raise ValueError(
                f"{manifest}: the sha256 of {name!r} must be 64 hexadecimal digits, not {sha256!r}"
            )
    return {name: sha256.lower() for name, sha256 in found.items()}


def _parse(
    path: Path, rubric: RubricText, folder: Path, problems: list[RowProblem]
) -> Iterator[tuple[int, GroupRow]]:
    seen: set[str] = set()
    # Exports are UTF-8: another encoding is not guessed, it says that the file was changed.
    with open_table_file(path, options=ReadOptions(encoding="utf-8")) as table:
        for row, group in parse_rows(table.rows, partial(parse_group, rubric=rubric), problems):
            images = {name: folder / name for name in group.image_names}
            found = [*_repeats(group, seen), *missing_images(images)]
            problems += [_problem(row.line, group, error) for error in found]
            if not found:
                yield row.line, group


def _problem(line: int, group: GroupRow, error: RowError) -> RowProblem:
    return row_problem(TableRow(GROUPS_FILE, line, {}), group.item_id, error)


def _repeats(row: GroupRow, seen: set[str]) -> list[RowError]:
    if row.item_id in seen:
        return [RowError("the item id repeats", "Give every item its own id.")]
    seen.add(row.item_id)
    return []
