"""Rows of JSON: one object a line (JSONL), or a list of objects (JSON)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from analytics.tabular.columns import ColumnNames
from analytics.tabular.encodings import ENCODE, decodes, open_text
from analytics.tabular.rows import (
    ReadOptions,
    RowProblem,
    Rows,
    Table,
    TableError,
    TableRow,
    unreadable,
)

# Characters of one line of JSONL, and of a JSON file: both are parsed whole. What they become takes
# up to 36 bytes a character (objects without anything in them), of tables of items ten.
LONGEST = LARGEST = 1 << 25
REMEDY = "Write the line again as one JSON object."
LIST_NAMES = ("predictions", "data", "rows")  # of an object that wraps its rows
FAILURES = (ValueError, RecursionError)


class _Repeated(dict[str, Any]):
    """An object in which a name came twice."""

    name = ""


class _Names:
    """Sees repeated names while JSON is parsed."""

    def __init__(self) -> None:
        self.repeated = ""

    def collect(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """The object of some pairs."""
        values = dict(pairs)
        if len(values) < len(pairs):
            names = [name for name, _ in pairs]
            self.repeated = next(name for name in names if names.count(name) > 1)
            marked = _Repeated(values)
            marked.name = self.repeated
            return marked
        return values


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON value; write null")


def _parse(text: str, names: _Names) -> Any:  # noqa: ANN401 - any JSON value
    return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=names.collect)


def open_jsonl(file: BinaryIO, name: str, options: ReadOptions) -> Table:
    """Open JSON lines; a file that begins with a bracket is read as a list instead.

    Texts may hold any character that JSON allows, line separators such as U+2028 among them.

    Raises:
        TableError: it is empty.
    """
    text, encoding, note = open_text(file, name, options.encoding, line_ending="\n")
    first = ""
    number = 0
    while not first.strip():
        first = text.readline(LONGEST + 1)
        number += 1
        if not first:
            raise TableError(f"{name} is empty.")
    if first.lstrip().startswith("["):
        whole = first + text.read(_largest(options))
        if len(whole) > _largest(options) or not _is_broken_at_once(whole):
            return _list_table(whole, name, encoding, note, options)
        lines = iter(whole.split("\n"))
        return _line_table(enumerate(lines, start=number), name, encoding, note, options)
    return _line_table(_numbered(text, first, number), name, encoding, note, options)


def _line_table(
    lines: Iterator[tuple[int, str]], name: str, encoding: str, note: str, options: ReadOptions
) -> Table:
    table = Table(name, iter(()), notes=[note] if note else [])
    table.rows = _lines(lines, table, encoding, options)
    return table


def _is_broken_at_once(text: str) -> bool:
    """Whether a list ends or breaks in the first line, so that each line is a separate row."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.lineno == 1 or error.msg == "Extra data"
    except FAILURES:
        return True
    return False


def _numbered(text: Any, first: str, number: int) -> Iterator[tuple[int, str]]:  # noqa: ANN401 - a TextIOWrapper
    """Lines with their numbers; of a line that is too long only its first part."""
    line = first
    while line:
        yield number, line
        while line and not line.endswith("\n"):
            line = text.readline(LONGEST)
        line, number = text.readline(LONGEST + 1), number + 1


def _lines(
    lines: Iterator[tuple[int, str]], table: Table, encoding: str, options: ReadOptions
) -> Rows:
    columns = ColumnNames(options.known)
    for number, line in lines:
        if not line.strip():
            continue
        if len(line) > LONGEST:
            yield unreadable(table.name, number, f"It is over {LONGEST:,} characters.", REMEDY)
            continue
        if not decodes(line):
            reason = f"It has bytes that are not {encoding}."
            yield unreadable(table.name, number, reason, ENCODE)
            continue
        names = _Names()
        try:
            value = _parse(line, names)
        except FAILURES as error:
            yield unreadable(table.name, number, f"It is not JSON: {error}.", REMEDY)
            continue
        yield _row(table, number, value, names.repeated, columns)


def open_json(file: BinaryIO, name: str, options: ReadOptions) -> Table:
    """Open a JSON file: a list of objects, an object with one such list, or a single object.

    Raises:
        TableError: it is empty, is not JSON, or contains no list of rows.
    """
    text, encoding, note = open_text(file, name, options.encoding, line_ending="\n")
    whole = text.read(_largest(options) + 1)
    if _is_lines(whole):
        return _line_table(enumerate(whole.split("\n"), start=1), name, encoding, note, options)
    return _list_table(whole, name, encoding, note, options)


def _is_lines(text: str) -> bool:
    """Whether a text is JSON lines: its first line is an object, and more follows."""
    first, _, rest = text.lstrip().partition("\n")
    try:
        return bool(rest.strip()) and isinstance(json.loads(first), dict)
    except FAILURES:
        return False


def _largest(options: ReadOptions) -> int:
    return LARGEST if options.largest is None else min(LARGEST, options.largest)


def _list_table(text: str, name: str, encoding: str, note: str, options: ReadOptions) -> Table:
    largest = _largest(options)
    if len(text) > largest:
        raise TableError(f"{name} is a list of over {largest:,} characters. Write it as JSONL.")
    if not decodes(text):
        raise TableError(f"{name} has bytes that are not {encoding}. Save it as UTF-8.")
    try:
        listed = _find_list(_parse(text, _Names()))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise TableError(
            f"{name} is not JSON: {error.msg} at {place}. Write it again, or as JSONL."
        ) from error
    except FAILURES as error:
        raise TableError(f"{name} is not JSON: {error}. Write it again, or as JSONL.") from error
    if listed and not any(isinstance(row, dict) for row in listed):
        raise TableError(
            f"{name} contains rows that are not JSON objects. Write a list of objects, one per row"
            " (pandas: orient='records')."
        )
    if listed is None:
        raise TableError(
            f"{name} does not contain a list of rows. Write a list of JSON objects, one per row"
            " (pandas: orient='records')."
        )
    table = Table(name, iter(()), notes=[note] if note else [])
    table.rows = _listed_rows(listed, table, ColumnNames(options.known))
    return table


def _find_list(value: object) -> list[Any] | None:
    """The rows of a JSON value; None if no list of rows is recognised in it."""
    if not isinstance(value, dict):
        return value if isinstance(value, list) else None
    named = [value[key] for key in LIST_NAMES if isinstance(value.get(key), list)]
    lists = named or [part for part in value.values() if _is_rows(part)]
    if lists and (named or "item_id" not in value):
        return list(lists[0]) if named or len(lists) == 1 else None
    # columns, as pandas writes them by default, are not a row
    is_columns = bool(value) and all(isinstance(part, dict | list) for part in value.values())
    return None if is_columns else [value]


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _listed_rows(listed: list[Any], table: Table, columns: ColumnNames) -> Rows:
    for place, value in enumerate(listed, start=1):
        yield _row(table, place, value, _repeated(value), columns)


def _repeated(value: object) -> str:
    """A name that occurs twice in an object or in its values; empty if none does."""
    waiting: list[object] = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, _Repeated):
            return part.name
        if isinstance(part, Mapping):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return ""


def _row(
    table: Table, number: int, value: object, repeated: str, columns: ColumnNames
) -> TableRow | RowProblem:
    if not isinstance(value, dict):
        kind = type(value).__name__
        return unreadable(table.name, number, f"It is not a JSON object but {kind}.", REMEDY)
    values, twice = columns.rename(value)
    if repeated or twice:
        name = repeated or twice[0]
        return unreadable(table.name, number, f"It names “{name[:60]}” twice.", "Keep one of them.")
    for column in values:
        table.columns.setdefault(column)
    return TableRow(table.name, number, dict(values))
