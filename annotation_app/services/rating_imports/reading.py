"""Ratings files, row by row: one row a score, or one column a dimension.

Columns by name: `item`, `candidate`, `annotator`; `dimension` with `level` (or `score`), or a
column named after each dimension; optional `missing_reason`, `seconds`, `order`. What else a file
holds is left alone.
"""

from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path

from annotation_app.enums import MissingReason
from annotation_app.services.importing.fields import is_storable
from annotation_app.services.importing.problems import ProblemCode, RowProblem
from annotation_app.services.rating_imports.file_rows import Row, file_rows
from annotation_app.services.rating_imports.records import ScoreRow

NAMES = {
    "item": ("item", "item_id"),
    "candidate": ("candidate", "candidate_id"),
    "annotator": ("annotator", "annotator_id", "rater", "rater_id", "pseudonym"),
    "dimension": ("dimension",),
    "level": ("level", "score", "value"),
    "missing_reason": ("missing_reason", "missing"),
    "seconds": ("seconds",),
    "order": ("order", "position", "order_on_screen"),
}
# the papers' names of the default rubric's dimensions
PUBLISHED = {
    "instruction_following": "if",
    "visual_quality": "vq",
    "quality_aesthetic": "vq",
}
NOTHING = frozenset({"", "na", "n/a", "nan", "none", "null"})
LONGEST = 200
NEEDED = {field: NAMES[field] for field in ("item", "candidate", "annotator")}

Parsed = ScoreRow | RowProblem


def read_ratings(path: Path, dimensions: Sequence[str], name: str = "") -> Iterator[Parsed]:
    """Scores and problems of a file, in its order.

    Args:
        path: of a .csv, .jsonl or .parquet file.
        dimensions: the rubric's keys.
        name: what problems call the file; its own name by default.

    Raises:
        InvalidInputError: if it is none of them, or lacks a column that is needed.
    """
    name = name or path.name
    for line, row in file_rows(path, name, NEEDED):
        if isinstance(row, RowProblem):
            yield row
        else:
            yield from _RowReader(name, line, row, dimensions).scores()


class _RowReader:
    """Reads the scores of one row."""

    def __init__(self, file: str, line: int, row: Row, dimensions: Sequence[str]) -> None:
        self._file = file
        self._line = line
        self._row = row
        self._dimensions = dimensions
        self._problems: list[RowProblem] = []

    def scores(self) -> Iterator[Parsed]:
        """The row's scores, or what is wrong with it."""
        names = {field: self._name(field) for field in ("item", "candidate", "annotator")}
        seconds = self._number("seconds") or 0.0
        order = self._number("order")
        found = [
            ScoreRow(
                self._file,
                self._line,
                names["item"],
                names["candidate"],
                names["annotator"],
                dimension,
                level,
                reason,
                seconds,
                None if order is None else int(order),
            )
            for dimension, level, reason in self._levels(names["item"])
        ]
        yield from self._problems or found

    def _levels(self, item: str) -> list[tuple[str, int | None, str]]:
        if self._get("dimension") is not None:
            dimension = str(self._get("dimension")).strip()
            given = {PUBLISHED.get(dimension, dimension): self._get("level")}
        else:
            named = {PUBLISHED.get(key, key): value for key, value in self._row.items()}
            given = {key: named[key] for key in self._dimensions if key in named}
        if not given:
            self._note("dimension", "It names no dimension.", self._known())
        for dimension in given:
            if dimension not in self._dimensions:
                self._note(
                    "dimension", f"The rubric has no “{dimension[:40]}”.", self._known(), item
                )
        return [(key, *self._level(key, value)) for key, value in given.items()]

    def _level(self, dimension: str, value: object) -> tuple[int | None, str]:
        text = str("" if value is None else value).strip()
        if text.lower() in NOTHING:
            return None, self._reason()
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not isfinite(number) or number != int(number):
            self._note(
                "level",
                f"“{text[:40]}” is no level of {dimension}.",
                "Give a whole number, or leave it empty and name the missing_reason.",
            )
            return None, MissingReason.OTHER.value
        return int(number), ""

    def _reason(self) -> str:
        text = str(self._get("missing_reason") or "").strip()
        if not text:
            return MissingReason.OTHER.value
        if text not in MissingReason.values:
            known = ", ".join(MissingReason.values)
            self._note("missing_reason", f"“{text[:40]}” is no reason.", f"Use one of: {known}.")
        return text

    def _name(self, field: str) -> str:
        text = str("" if self._get(field) is None else self._get(field)).strip()
        if not text or len(text) > LONGEST or not is_storable(text):
            reason = "It is empty." if not text else "It is no name of at most 200 characters."
            self._note(field, reason, "Give it a value.")
        return text

    def _number(self, field: str) -> float | None:
        text = str("" if self._get(field) is None else self._get(field)).strip()
        if text.lower() in NOTHING:
            return None
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if not isfinite(number) or number < 0:
            self._note(
                field, f"“{text[:40]}” is no number from 0.", "Correct it or leave it empty."
            )
            return None
        return number

    def _get(self, field: str) -> object:
        return next((self._row[name] for name in NAMES[field] if name in self._row), None)

    def _known(self) -> str:
        return f"Use one of: {', '.join(self._dimensions)}."

    def _note(self, column: str, reason: str, remedy: str, item: str = "") -> None:
        item = item or str(self._get("item") or "")[:LONGEST]
        code = ProblemCode.WRONG_TYPE
        self._problems.append(
            RowProblem(self._file, self._line, item, column, code, reason, remedy)
        )
