"""Reading the rows of a table so that every bad one is named; training and scoring use it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from analytics.tabular.names import normal_name
from analytics.tabular.rows import RowProblem, TableRow
from modeling.data.errors import REMEDY, RowError, row_problem

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)
FAILURES = (ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)
FOUND_IMAGE = "Add the file, or correct its path."


def parse_rows(
    rows: Iterable[TableRow | RowProblem],
    parse: Callable[[Mapping[str, Any]], T],
    problems: list[RowProblem],
) -> Iterator[tuple[TableRow, T]]:
    """Rows and what they say; those that cannot be read or parsed go to ``problems`` instead."""
    for row in rows:
        if isinstance(row, RowProblem):
            problems.append(row)
            continue
        try:
            parsed = parse(row.values)
        except FAILURES as error:
            problems.append(row_problem(row, item_name(row.values), error))
        else:
            yield row, parsed


def item_name(value: Mapping[str, Any]) -> str:
    """The item that a row is about, as far as recognisable; for messages."""
    return normal_name(str(value.get("item_id", "")))


def parse_each(
    rows: Sequence[Mapping[str, Any]],
    parse: Callable[[Mapping[str, Any]], T],
    what: str,
    name: str = "",
) -> tuple[T, ...]:
    """The parsed rows of a list; errors begin with what a row is and its name or place, from 1."""
    found = []
    for place, row in enumerate(rows, start=1):
        try:
            found.append(parse(row))
        except (ValueError, TypeError) as error:
            label = repr(str(row[name])) if row.get(name) else place
            remedy = error.remedy if isinstance(error, RowError) else REMEDY
            raise RowError(f"{what} {label}: {error}", remedy) from error
    return tuple(found)


def given(value: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401  # any value of a table
    """The value of a row under a key; ``RowError`` if it has none."""
    if key not in value:
        raise RowError(f"{key} is not given", "Give it a value.")
    return value[key]


def checked_choice(value: Mapping[str, Any], key: str, choices: type[Choice]) -> Choice:
    """One of the texts of a closed list; errors name the key, the text and the list."""
    text = given(value, key)
    if text not in list(choices):
        raise RowError(f"{key} must be one of {', '.join(choices)}, not {text!r}")
    return choices(text)


def verbatim_text(value: Mapping[str, Any], key: str) -> str:
    """A text with its surrounding blanks, which can be encoded and is not all blank."""
    text = _encodable(given(value, key), key)
    _require_some(text, key)
    return text


def checked_text(value: Mapping[str, Any], key: str) -> str:
    """A text as :func:`verbatim_text` takes it, without the blanks around it."""
    return verbatim_text(value, key).strip()


def checked_name(value: Mapping[str, Any], key: str) -> str:
    """A name in the one spelling of :func:`analytics.tabular.names.normal_name`."""
    name = normal_name(_encodable(given(value, key), key))
    _require_some(name, key)
    return name


def optional_text(value: Mapping[str, Any], key: str) -> str:
    """A text as :func:`checked_text` takes it, or an empty one where it is missing or null."""
    return "" if value.get(key) is None else _encodable(value[key], key).strip()


def optional_name(value: Mapping[str, Any], key: str) -> str:
    """A name as :func:`checked_name` takes it, or an empty one where it is missing or null."""
    return normal_name(optional_text(value, key))


def _require_some(text: str, key: str) -> None:
    if not text.strip():
        raise RowError(f"{key} is empty", "Give it a value.")


def _encodable(value: object, key: str) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        raise RowError(f"{key} is not given", "Give it a value.")
    if not isinstance(value, str) and not is_whole(value):
        raise RowError(f"{key} is not a text", "Give a text.")
    text = str(value)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise RowError(
            f"{key} contains half a character (a lone surrogate)", "Write the whole character."
        ) from error
    return text


def checked_objects(value: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """A list of objects; errors name the key."""
    rows = given(value, key)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RowError(f"{key} must be a list of objects")
    return rows


def optional_object(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """An object, empty if it is missing or null; errors name the key."""
    found = value.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise RowError(f"{key} must be an object")
    return found


def is_whole(value: object) -> TypeGuard[int]:
    """Whether a value is a whole number; ``true`` is not, though Python counts with it."""
    return isinstance(value, int) and not isinstance(value, bool)


def missing_images(images: Mapping[str, Path]) -> list[RowError]:
    """What is wrong with images by their names, an error each; no file is opened."""
    found = ((name, _missing(path)) for name, path in images.items())
    return [RowError(f"image {name} {reason}", FOUND_IMAGE) for name, reason in found if reason]


def _missing(path: Path) -> str:
    try:
        return "" if path.is_file() else "is missing"
    except OSError as error:  # a name that is too long, a folder that may not be entered
        return f"cannot be looked up: {error.strerror}"
