"""Reading a JSONL file so that every bad line is named; training and scoring use it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from modeling.data.errors import RowProblem

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)


def parse_lines(
    path: Path, parse: Callable[[Mapping[str, Any]], T], problems: list[RowProblem]
) -> Iterator[tuple[int, T]]:
    """Line numbers and parsed rows; lines that cannot be parsed go to ``problems`` instead.

    Raises:
        ValueError: the file is no UTF-8 text.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is no UTF-8 text: {error.reason} at {error.start}") from error
    # Not splitlines: a JSON string may hold U+2028 and other separators as they are.
    for line, row in enumerate(text.split("\n"), start=1):
        if not row.strip():
            continue
        item_id = ""
        try:
            value = _object(row)
            # A message must be writable wherever it goes, half characters and all.
            item_id = str(value.get("item_id", "")).encode(errors="backslashreplace").decode()
            parsed = parse(value)
        except (ValueError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            problems.append(RowProblem(line, item_id, str(error)))
        else:
            yield line, parsed


def _object(row: str) -> Mapping[str, Any]:
    value = json.loads(row)
    if not isinstance(value, dict):
        raise TypeError(f"a row must be an object, not {type(value).__name__}")
    return value


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
            raise ValueError(f"{what} {label}: {error}") from error
    return tuple(found)


def given(value: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401  # whatever JSON holds
    """What an object says under a key; ``ValueError`` where it says nothing."""
    if key not in value:
        raise ValueError(f"{key} is not given")
    return value[key]


def checked_choice(value: Mapping[str, Any], key: str, choices: type[Choice]) -> Choice:
    """One of the texts of a closed list; errors name the key, the text and the list."""
    text = given(value, key)
    if text not in list(choices):
        raise ValueError(f"{key} must be one of {', '.join(choices)}, not {text!r}")
    return choices(text)


def checked_text(value: Mapping[str, Any], key: str) -> str:
    """A text that is neither missing nor empty and can be encoded; errors name the key."""
    text = _encodable(given(value, key), key)
    if not text:
        raise ValueError(f"{key} is empty")
    return text


def optional_text(value: Mapping[str, Any], key: str) -> str:
    """A text as :func:`checked_text` takes it, or an empty one where it is missing or null."""
    return "" if value.get(key) is None else _encodable(value[key], key)


def _encodable(value: object, key: str) -> str:
    if not isinstance(value, str) and not is_whole(value):
        raise TypeError(f"{key} is no text")
    text = str(value).strip()
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{key} holds half a character (a lone surrogate)") from error
    return text


def checked_objects(value: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """A list of objects; errors name the key."""
    rows = given(value, key)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TypeError(f"{key} must be a list of objects")
    return rows


def optional_object(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """An object, empty where it is missing or null; errors name the key."""
    found = value.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise TypeError(f"{key} must be an object")
    return found


def is_whole(value: object) -> TypeGuard[int]:
    """Whether a JSON value is a whole number; ``true`` is none, though Python counts with it."""
    return isinstance(value, int) and not isinstance(value, bool)


def missing_images(images: Mapping[str, Path]) -> list[str]:
    """What is wrong with images by their names, one sentence each; no file is opened."""
    found = ((name, _missing(path)) for name, path in images.items())
    return [f"image {name} {reason}" for name, reason in found if reason]


def _missing(path: Path) -> str:
    try:
        return "" if path.is_file() else "is missing"
    except OSError as error:  # a name that is too long, a folder that may not be entered
        return f"cannot be looked up: {error.strerror}"
