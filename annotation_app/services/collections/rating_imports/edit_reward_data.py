"""A published EditReward-Data folder (Parquet rows, one per pair) as items and scores.

Rows with the same `key` are pairs of one item. Images are in the rows, or next to the Parquet files
under the paths that the rows name. If a row contradicts itself or an earlier one, its item is left
out as a whole and reported.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analytics.tabular.names import normal_name
from analytics.tabular.reading import open_table_file
from analytics.tabular.rows import ReadOptions, RowProblem, TableError, TableRow
from annotation_app.exceptions import InvalidInputError
from annotation_app.services.collections.importing.folders import FolderTree
from annotation_app.services.collections.importing.problems import ProblemCode
from annotation_app.services.collections.importing.rows import ID_LENGTH
from annotation_app.services.collections.importing.trees import read_limited
from annotation_app.services.collections.rating_imports.records import ScoreRow
from annotation_app.services.exports.lines import json_line
from annotation_app.services.images.limits import image_limits
from annotation_app.services.images.refusals import ImageRefusedError

ANNOTATOR = "EditReward-Data"
SCORES = {"if": "instruction_following_score", "vq": "quality_aesthetic_score"}
COLUMNS = (
    "key",
    "instruction",
    "source_img",
    "vote_type",
    *(
        f"{side}_{name}"
        for side in ("left", "right")
        for name in ("output_image", "model", "img_rel", "overall_score", *SCORES.values())
    ),
)
VOTES = {1: "leftvote", -1: "rightvote", 0: "tie"}
READING = ReadOptions(known=COLUMNS)

Row = Mapping[str, Any]
Progress = Callable[[int, int, str], None]


@dataclass(slots=True)
class _Candidate:
    model: str
    image: str
    scores: dict[str, float | None]
    file: str
    line: int


@dataclass(slots=True)
class _Item:
    instruction: str
    source: str
    candidates: dict[str, _Candidate] = field(default_factory=dict)
    is_spoilt: bool = False


class EditRewardFolder:
    """Reads a folder and lays its items out for the importer of items.

    Args:
        folder: with Parquet files, also in folders below it.
        staging: an empty folder for the images and the manifest.
    """

    def __init__(self, folder: Path, staging: Path) -> None:
        self._folder = folder
        self._tree = FolderTree(folder)
        self._staging = staging
        self._items: dict[str, _Item] = {}
        self.problems: list[RowProblem] = []
        (staging / "images").mkdir(parents=True, exist_ok=True)

    def read(self, progress: Progress) -> None:
        """Read every row, keep the images, and write `manifest.jsonl` of the good items.

        Raises:
            InvalidInputError: if the folder has no EditReward-Data.
        """
        files = self._files()
        total = sum(pq.read_metadata(file).num_rows for file in files)
        done = 0
        for file in files:
            for row in self._rows(file):
                done += 1
                self._take(file.name, row.line, row.values)
                progress(done, total, f"{done:,} of {total:,} pairs")
        with (self._staging / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
            for key, item in self._good():
                manifest.write(json_line(_manifest_row(key, item)))

    def scores(self, dimensions: tuple[str, ...]) -> Iterator[ScoreRow | RowProblem]:
        """The final scores of the good items as one annotator's ratings.

        A mean over raters is not a level: such scores are reported, once per candidate.
        """
        for key, item in self._good():
            for name, candidate in item.candidates.items():
                for dimension, score in candidate.scores.items():
                    if score is None or dimension not in dimensions:
                        continue
                    yield _score_row(key, name, dimension, candidate, score)

    def _files(self) -> list[Path]:
        """The Parquet files that contain pairs; other tables may be in the same folder."""
        names = [name for name in self._tree.names() if name.lower().endswith(".parquet")]
        for name in names:
            self._tree.location(name)  # refuses a link that leads out
        found = [self._folder / name for name in names]
        if not found:
            raise InvalidInputError(f"{self._folder.name} contains no Parquet files.")
        missing = {file: _missing_columns(file) for file in found}
        pairs = [file for file in found if not missing[file]]
        if not pairs:
            lacks = ", ".join(missing[found[0]])
            raise InvalidInputError(f"{found[0].name} is not EditReward-Data: it lacks {lacks}.")
        return pairs

    def _good(self) -> Iterator[tuple[str, _Item]]:
        return ((key, item) for key, item in self._items.items() if not item.is_spoilt)

    def _rows(self, file: Path) -> Iterator[TableRow]:
        try:
            with open_table_file(file, options=READING) as table:
                for row in table.rows:
                    if isinstance(row, RowProblem):
                        raise InvalidInputError(str(row))
                    yield row
        except TableError as error:
            raise InvalidInputError(str(error)) from error

    def _take(self, file: str, line: int, row: Row) -> None:
        key = normal_name(str(row["key"] or ""))
        if not key or len(key) > ID_LENGTH:
            self._note(file, line, key, "key", "It is not a name of 1 to 200 characters.")
            return
        complaint = _contradiction(row)
        try:
            source = self._image(row["source_img"])
            images = {side: self._image(row[f"{side}_output_image"]) for side in ("left", "right")}
        except ImageRefusedError as error:
            self._spoil(key, file, line, "images", f"{error.reason} {error.remedy}")
            return
        item = self._items.setdefault(key, _Item(str(row["instruction"] or ""), source))
        if complaint:
            self._spoil(key, file, line, *complaint)
        elif (item.instruction, item.source) != (str(row["instruction"] or ""), source):
            reason = "Another row of this key has another instruction or source image."
            self._spoil(key, file, line, "instruction", reason)
        else:
            for side, image in images.items():
                self._take_side(
                    key, item, _side(file, line, row, side, image), row[f"{side}_img_rel"]
                )

    def _take_side(self, key: str, item: _Item, candidate: _Candidate, name: str | None) -> None:
        called = normal_name((name or candidate.image)[-ID_LENGTH:])
        known = item.candidates.setdefault(called, candidate)
        if (known.model, known.image, known.scores) != (
            candidate.model,
            candidate.image,
            candidate.scores,
        ):
            reason = (
                f"The same edit is in line {known.line} with different scores or another model."
            )
            self._spoil(key, candidate.file, candidate.line, "scores", reason)

    def _image(self, cell: Mapping[str, Any] | None) -> str:
        """Keep an image under the hash of its bytes; return its path in the staging folder."""
        data, given = (cell or {}).get("bytes"), str((cell or {}).get("path") or "")
        if data is None:
            data = read_limited(self._tree, given, image_limits().file_bytes)
        suffix = PurePosixPath(given).suffix[:8]
        name = f"images/{hashlib.sha256(data).hexdigest()}{suffix if suffix.isascii() else ''}"
        path = self._staging / name
        if not path.exists():
            half = path.with_suffix(".half")
            half.write_bytes(data)
            half.replace(path)
        return name

    def _spoil(self, key: str, file: str, line: int, column: str, reason: str) -> None:
        self._items.setdefault(key, _Item("", "")).is_spoilt = True
        self._note(file, line, key, column, reason)

    def _note(self, file: str, line: int, key: str, column: str, reason: str) -> None:
        remedy = "Correct the row; until then its item is left out."
        code = ProblemCode.INCONSISTENT
        self.problems.append(RowProblem(file, line, key, column, code, reason, remedy))


def _missing_columns(file: Path) -> list[str]:
    try:
        there = {name.strip().casefold() for name in pq.read_schema(file).names}
        return sorted(set(COLUMNS).difference(there))
    except (pa.ArrowException, OSError) as error:
        raise InvalidInputError(f"{file.name} cannot be read as Parquet: {error}.") from error


def _contradiction(row: Row) -> tuple[str, str] | None:
    """The field in which a row contradicts itself, and how; None if it does not."""
    overall = {side: row[f"{side}_overall_score"] for side in ("left", "right")}
    for side, total in overall.items():
        parts = [row[f"{side}_{name}"] for name in SCORES.values()]
        if total is not None and None not in parts and abs(total - sum(parts)) > 1e-6:  # noqa: PLR2004 - float noise
            return f"{side}_overall_score", f"{total} is not the sum of {parts[0]} and {parts[1]}."
    left, right = overall["left"], overall["right"]
    if left is None or right is None:
        return None
    implied = VOTES[(left > right) - (left < right)]
    if row["vote_type"] != implied:
        return "vote_type", f"It says {row['vote_type']}, the overall scores say {implied}."
    return None


def _side(file: str, line: int, row: Row, side: str, image: str) -> _Candidate:
    scores = {key: row[f"{side}_{name}"] for key, name in SCORES.items()}
    return _Candidate(str(row[f"{side}_model"] or "unknown"), image, scores, file, line)


def _manifest_row(key: str, item: _Item) -> dict[str, Any]:
    return {
        "item_id": key,
        "instruction": item.instruction,
        "source_dataset": ANNOTATOR,
        "source_image": item.source,
        "candidates": [
            {"candidate_id": name, "model": one.model, "image": one.image}
            for name, one in item.candidates.items()
        ],
    }


def _score_row(
    key: str, name: str, dimension: str, candidate: _Candidate, score: float
) -> ScoreRow | RowProblem:
    row = ScoreRow(candidate.file, candidate.line, key, name, ANNOTATOR, dimension, int(score))
    if score == int(score):
        return row
    return row.problem(
        SCORES[dimension],
        ProblemCode.WRONG_TYPE,
        f"{score} is a mean of several raters, not one rater's level.",
        "The item is imported without this score; import the raters' own scores instead.",
    )
