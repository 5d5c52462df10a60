"""Reading one row's fields: every problem is noted, none stops the reading."""

import json
import math
import re
from decimal import Decimal
from typing import Any

from analytics.tabular.missing import is_missing
from analytics.tabular.names import normal_name
from analytics.tabular.rows import RowProblem
from annotation_app.services.collections.importing.problems import ProblemCode
from annotation_app.services.collections.importing.rows import ImageCell

METADATA_LENGTH = 65_536  # characters of JSON
SEED_RANGE = range(-(2**63), 2**63)
DECIMAL = re.compile(r"[+-]?\d{1,40}(\.\d*)?([eE][+-]?\d{1,2})?")  # as spreadsheets write it
KIND = {str: "text", dict: "an object", list: "a list", bytes: "bytes", float: "a number"}


class FieldReader:
    """Reads typed values from one mapping and collects what is wrong with them."""

    def __init__(self, values: dict[str, Any], *, file: str, line: int, prefix: str = "") -> None:
        self.values = values
        self.file = file
        self.line = line
        self.prefix = prefix
        self.item_id = ""
        self.problems: list[RowProblem] = []

    def note(self, column: str, code: ProblemCode, reason: str, remedy: str) -> None:
        """Note a problem with a column."""
        self.problems.append(
            RowProblem(
                self.file, self.line, self.item_id, self.prefix + column, code, reason, remedy
            )
        )

    def name(self, column: str, *, longest: int) -> str:
        """A required name, in composed form (NFC) however its accents are encoded in the file."""
        return normal_name(self.text(column, longest=longest, required=True))

    def text(self, column: str, *, longest: int, required: bool = False) -> str:
        """A text without surrounding blanks; numbers are taken as their digits."""
        value = self.values.get(column)
        if isinstance(value, float):
            value = "" if math.isnan(value) else int(value) if value.is_integer() else value
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is None:
            value = ""
        if not isinstance(value, str):
            kind = KIND.get(type(value), type(value).__name__)
            self.note(column, ProblemCode.WRONG_TYPE, f"It is {kind}.", "Give a text.")
            return ""
        return self._checked(column, value.strip(), longest, required=required)

    def _checked(self, column: str, value: str, longest: int, *, required: bool) -> str:
        if required and not value:
            self.note(column, ProblemCode.MISSING_VALUE, "It is empty.", "Give it a value.")
        if len(value) > longest:
            self.note(
                column,
                ProblemCode.TOO_LONG,
                f"It has {len(value):,} characters; {longest:,} are allowed.",
                "Shorten it.",
            )
        if not is_storable(value):
            self.note(
                column,
                ProblemCode.BAD_TEXT,
                "It contains NUL or incomplete characters.",
                "Remove them, or save the file as UTF-8.",
            )
            return ""
        return value

    def seed(self, column: str) -> int | None:
        """A whole number of 64 bits; 42, 42.0 and their texts are one. None if empty."""
        value = self.values.get(column)
        if isinstance(value, str):
            value = value.strip()
        if is_missing(value):
            return None
        number = _whole(value)
        if number is None or number not in SEED_RANGE:
            self.note(
                column,
                ProblemCode.WRONG_TYPE,
                "It is not a whole number of 64 bits.",
                "Give a number or leave it empty.",
            )
            return None
        return number

    def image(self, column: str) -> ImageCell:
        """An image by path, or embedded as `{bytes, path}` or bytes."""
        value = self.values.get(column)
        path: Any = value or ""
        data: Any = None
        if isinstance(value, dict):
            path, data = value.get("path") or "", value.get("bytes")
        elif isinstance(value, bytes):
            path, data = "", value
        if not isinstance(path, str) or not isinstance(data, bytes | None):
            self.note(
                column,
                ProblemCode.WRONG_TYPE,
                "It does not name an image.",
                "Give a path to an image file.",
            )
            path, data = "", None
        elif not path and not data:
            self.note(
                column, ProblemCode.MISSING_VALUE, "It is empty.", "Give a path to an image file."
            )
        elif not is_storable(path):
            self.note(column, ProblemCode.BAD_TEXT, "The path is not a text.", "Rename the file.")
            path = ""
        return ImageCell(path=path, data=data, line=self.line, field=self.prefix + column)

    def rest(self, known: frozenset[str]) -> dict[str, Any]:
        """The columns that were not read, kept as metadata if JSON can represent them."""
        kept = {
            key: value
            for key, value in self.values.items()
            if key not in known and value not in (None, "")
        }
        try:
            text = json.dumps(kept, allow_nan=False, ensure_ascii=False, default=_as_text)
        except (TypeError, ValueError, RecursionError):
            self.note(
                "",
                ProblemCode.WRONG_TYPE,
                "An extra column is not a JSON value.",
                "Remove it.",
            )
            return {}
        if len(text) > METADATA_LENGTH or "\\u0000" in text or not is_storable(text):
            self.note(
                "",
                ProblemCode.TOO_LONG,
                f"The extra columns are over {METADATA_LENGTH:,} characters or contain NUL.",
                "Remove what is not needed.",
            )
            return {}
        parsed: dict[str, Any] = json.loads(text)
        return parsed


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can store a text: UTF-8 without NUL."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _whole(value: object) -> int | None:
    """The whole number in a cell, exactly; None if the cell is not one."""
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if isinstance(value, float | Decimal) and not math.isfinite(value):
        return None
    return int(value) if value == int(value) else None


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        raise TypeError("bytes are not metadata")
    return str(value)
