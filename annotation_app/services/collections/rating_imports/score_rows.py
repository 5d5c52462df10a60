"""The scores of one row of a ratings file, or everything that is wrong with it."""

from collections.abc import Iterator
from math import isfinite
from typing import TypeAlias

from analytics.tabular.missing import is_missing
from analytics.tabular.names import normal_name
from analytics.tabular.numbers import read_number
from analytics.tabular.rows import RowProblem, TableRow
from annotation_app.enums import MissingReason
from annotation_app.services.collections.importing.fields import is_storable
from annotation_app.services.collections.importing.problems import ProblemCode
from annotation_app.services.collections.rating_imports.dimensions import DimensionWords
from annotation_app.services.collections.rating_imports.records import ScoreRow

NAMES = {
    "item": ("item", "item_id"),
    "candidate": ("candidate", "candidate_id"),
    "annotator": ("annotator", "annotator_id", "rater", "rater_id", "pseudonym"),
    "dimension": ("dimension",),
    "level": ("level", "score", "value"),
    "missing_reason": ("missing_reason", "missing"),
    "seconds": ("seconds",),
    "order": ("order", "position", "order_on_screen"),
    "scale": ("scale",),
}
LONGEST = 200
NEEDED = {field: NAMES[field] for field in ("item", "candidate", "annotator")}

Parsed: TypeAlias = ScoreRow | RowProblem


class RowReader:
    """Reads the scores of one row."""

    def __init__(self, file: str, row: TableRow, words: DimensionWords) -> None:
        self._file = file
        self._line = row.line
        self._row = row.values
        self._words = words
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
        given = self._long(item) if "dimension" in self._row else self._wide()
        return [(key, *self._level(key, value)) for key, value in given.items()]

    def _long(self, item: str) -> dict[str, object]:
        word = _text(self._get("dimension"))
        if not word:
            self._note("dimension", "It is empty.", self._known())
            return {}
        key = self._words.key(word)
        if key is None:
            self._note("dimension", f"The rubric has no “{word[:40]}”.", self._known(), item)
            return {}
        return {key: self._get("level")}

    def _wide(self) -> dict[str, object]:
        meant = ((self._words.key(str(column)), value) for column, value in self._row.items())
        given = {key: value for key, value in meant if key is not None}
        if not given:
            reason = "No column is named after a dimension."
            self._note("dimension", reason, self._known())
        return {key: given[key] for key in self._words.keys if key in given}

    def _level(self, dimension: str, value: object) -> tuple[int | None, str]:
        if is_missing(value):
            return None, self._reason()
        text = _text(value)
        try:
            number = read_number(value)
        except ValueError:
            number = float("nan")
        if not isfinite(number) or number != int(number):
            self._note(
                "level",
                f"“{text[:40]}” is not a level of {dimension}.",
                "Give a whole number, or leave it empty and name the missing_reason.",
            )
            return None, MissingReason.OTHER.value
        if _text(self._get("missing_reason")):
            self._note(
                "missing_reason",
                "It gives both a level and a reason why there is none.",
                "Leave one of the two empty.",
            )
        return int(number), ""

    def _reason(self) -> str:
        text = _text(self._get("missing_reason"))
        if not text:
            return MissingReason.OTHER.value
        if text not in MissingReason.values:
            known = ", ".join(MissingReason.values)
            reason = f"“{text[:40]}” is not a known reason."
            self._note("missing_reason", reason, f"Use one of: {known}.")
        return text

    def _name(self, field: str) -> str:
        text = normal_name(_text(self._get(field)))
        if not text or len(text) > LONGEST or not is_storable(text):
            reason = "It is empty." if not text else "It is not a name of at most 200 characters."
            self._note(field, reason, "Give it a value.")
        return text

    def _number(self, field: str) -> float | None:
        value = self._get(field)
        if is_missing(value):
            return None
        text = _text(value)
        try:
            number = read_number(value)
        except ValueError:
            number = -1.0
        if not isfinite(number) or number < 0:
            reason = f"“{text[:40]}” is not a number of at least 0."
            self._note(field, reason, "Correct it or leave it empty.")
            return None
        return number

    def _get(self, field: str) -> object:
        return next((self._row[name] for name in NAMES[field] if name in self._row), None)

    def _known(self) -> str:
        return f"Use one of: {self._words.listed}."

    def _note(self, column: str, reason: str, remedy: str, item: str = "") -> None:
        item = item or _text(self._get("item"))[:LONGEST]
        code = ProblemCode.WRONG_TYPE
        problem = RowProblem(self._file, self._line, item, column, code, reason, remedy)
        if problem not in self._problems:
            self._problems.append(problem)


def _text(value: object) -> str:
    """A cell's text; whole numbers without their fraction, as pandas writes ids next to gaps."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()
