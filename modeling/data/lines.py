"""Reading a JSONL file so that every bad line is named; training and scoring use it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from modeling.data.errors import RowProblem

T = TypeVar("T")


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
            item_id = str(value.get("item_id", ""))
            parsed = parse(value)
        except KeyError as error:
            problems.append(RowProblem(line, item_id, f"{error.args[0]} is missing"))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            problems.append(RowProblem(line, item_id, str(error)))
        else:
            yield line, parsed


def _object(row: str) -> Mapping[str, Any]:
    value = json.loads(row)
    if not isinstance(value, dict):
        raise TypeError(f"a row must be an object, not {type(value).__name__}")
    return value


def checked_text(value: Mapping[str, Any], key: str) -> str:
    """A text that is neither missing nor empty and can be encoded; errors name the key."""
    if not isinstance(value[key], str | int):
        raise TypeError(f"{key} is no text")
    text = str(value[key]).strip()
    if not text:
        raise ValueError(f"{key} is empty")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{key} holds half a character (a lone surrogate)") from error
    return text
