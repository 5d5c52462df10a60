"""The items of a manifest, in every form that imports take; ``score`` reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.tabular.items import CANDIDATE_ID, CANDIDATES, ITEM_ID, ItemRow, gather_items
from analytics.tabular.rows import RowProblem, TableRow
from modeling.cli.output import tell_notes
from modeling.cli.sources import Source, open_source
from modeling.data import DataError, Picture, RowError
from modeling.data.errors import row_problem
from modeling.data.lines import (
    checked_name,
    checked_objects,
    given,
    item_name,
    verbatim_text,
)
from modeling.scorer import ScoreItem

OWN_ID = "Give every item its own id; rows of one candidate each must be next to each other."
LISTED = "Give a list of objects with candidate_id and image."
Cell = str | bytes  # the path of an image, or the encoded image


@dataclass(frozen=True, slots=True)
class ManifestItem:
    """A sound item; its images may still be missing."""

    item_id: str
    instruction: str
    source: Cell
    candidates: Mapping[str, Cell]

    def open(self, source: Source) -> ScoreItem:
        """The item with its images, those in archives and tables as bytes."""
        return ScoreItem(
            item_id=self.item_id,
            instruction=self.instruction,
            source=_picture(self.source, source),
            candidates={name: _picture(cell, source) for name, cell in self.candidates.items()},
        )


class ManifestItems:
    """Items that were all found sound; each pass reads them again, for images may be many."""

    def __init__(self, path: Path, count: int) -> None:
        self._path = path
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[ScoreItem]:
        with open_source(self._path) as source:
            for item in gather_items(source.rows()):
                found = _Reader(item).item if isinstance(item, ItemRow) else None
                if found is None:
                    raise ValueError(f"{self._path} has changed. Give the command again.")
                yield found.open(source)


def read_items(path: Path) -> ManifestItems:
    """The items of a folder, a ZIP archive or a table; paths of images count from the table.

    Raises:
        DataError: every bad row with its line: fields, repeated ids, images that are not there.
        TableError: a table cannot be read at all, or there is none.
        ValueError: there is no item at all.
    """
    problems: list[RowProblem] = []
    seen: dict[str, str] = {}
    with open_source(path) as source:
        for item in gather_items(source.rows()):
            problems += [item] if isinstance(item, RowProblem) else _check(item, source, seen)
    tell_notes(source.notes)
    if problems:
        raise DataError(problems, rows=source.rows_read)
    if not seen:
        raise ValueError(f"{path} contains no items")
    return ManifestItems(path, len(seen))


def _check(item: ItemRow, source: Source, seen: dict[str, str]) -> list[RowProblem]:
    """What is wrong with an item, its images included."""
    reader = _Reader(item)
    name, row = reader.item_id, item.row
    if name and name in seen:
        reader.note(row, RowError(f"the item id repeats: {seen[name]} has it too", OWN_ID))
    seen.setdefault(name, f"{row.file}:{row.line}")
    for line, cell in reader.cells:
        try:
            _find(cell, source)
        except RowError as error:
            reader.note(line, error)
    return reader.problems


def _find(cell: Cell, source: Source) -> str:
    if isinstance(cell, bytes):
        return ""
    if "://" in cell:
        reason = f"image {cell} is a URL, and images are not fetched"
        raise RowError(reason, "Save the image as a file and name its path.")
    return source.tree.locate(source.folder, cell)


def _picture(cell: Cell, source: Source) -> Picture:
    return cell if isinstance(cell, bytes) else source.tree.picture(_find(cell, source))


class _Reader:
    """Reads one item; every problem is noted, none stops the reading.

    Attributes:
        item: what was read, None if something is wrong.
        cells: the images that were read, each with the row that names it.
        problems: what is wrong.
    """

    def __init__(self, item: ItemRow) -> None:
        self.problems: list[RowProblem] = []
        self.cells: list[tuple[TableRow, Cell]] = []
        self.item_id = item_name(item.row.values)
        self.item = self._read(item)

    def note(self, row: TableRow, error: RowError) -> None:
        """Note what is wrong with a row."""
        self.problems.append(row_problem(row, self.item_id, error))

    def _read(self, item: ItemRow) -> ManifestItem | None:
        row, values = item.row, item.row.values
        try:
            candidates = self._candidates(item)
            item_id = _name(values, ITEM_ID)
            instruction = verbatim_text(values, "instruction")
            source = self._image(row, values, "source_image")
        except RowError as error:
            self.note(row, error)
            return None
        return None if self.problems else ManifestItem(item_id, instruction, source, candidates)

    def _candidates(self, item: ItemRow) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for place, values in enumerate(_candidate_list(item.row.values)):
            row = item.row_of(place)
            label = repr(str(values[CANDIDATE_ID])) if values.get(CANDIDATE_ID) else place + 1
            try:
                name = _name(values, CANDIDATE_ID)
                image = self._image(row, values, "image")
            except RowError as error:
                self.note(row, RowError(f"candidate {label}: {error}", error.remedy))
                continue
            if name in found:
                remedy = "Give every candidate of an item its own id."
                self.note(row, RowError(f"candidate id {name!r} repeats", remedy))
            found[name] = image
        return found

    def _image(self, row: TableRow, values: Mapping[str, Any], key: str) -> Cell:
        cell = _cell(values, key)
        self.cells.append((row, cell))
        return cell


def _name(values: Mapping[str, Any], key: str) -> str:
    """A name; Parquet makes floats of whole numbers where some are missing."""
    value = given(values, key)
    is_counted = isinstance(value, float) and value.is_integer()
    return checked_name({key: int(value) if is_counted else value}, key)


def _candidate_list(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    value = given(values, CANDIDATES)
    if isinstance(value, str):  # the cell of a CSV file
        try:
            value = json.loads(value) if value.strip() else []
        except (ValueError, RecursionError) as error:
            raise RowError(f"{CANDIDATES} is not a JSON list: {error}", LISTED) from error
    rows = checked_objects({CANDIDATES: value}, CANDIDATES)
    if not rows:
        raise RowError("an item needs at least one candidate", LISTED)
    return rows


def _cell(values: Mapping[str, Any], key: str) -> Cell:
    """An image by its path, or embedded as bytes or as ``{bytes, path}``."""
    value = given(values, key)
    if isinstance(value, dict):
        value = value.get("bytes") or value.get("path")
    if isinstance(value, bytes) and value:
        return value
    return verbatim_text({key: value or None}, key)
