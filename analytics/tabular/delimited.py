"""Rows of CSV and TSV: each begins on a known line, and a stray quote costs its own row alone."""

import io
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from analytics.tabular.cells import ENDINGS, Record, Shape, is_whole, split_line, swallowed_rows
from analytics.tabular.columns import ColumnNames, head_columns
from analytics.tabular.encodings import ENCODE, decodes, open_text
from analytics.tabular.names import normal_name
from analytics.tabular.rows import (
    BAD_TEXT,
    ReadOptions,
    RowProblem,
    Rows,
    Table,
    TableError,
    TableRow,
    unreadable,
)

HEADING_LINES = 50
BLANKS = " \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029\u3000\xa0"  # of a row without values
DELIMITERS = (",", ";", "\t")
LONGEST = 1 << 26  # characters of one row
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes such cells for formulas
DECLARED = "sep="  # Excel's first line that names the delimiter
QUOTING = (
    "Write a quote inside a cell twice and put the cell in quotes, or close the quote; if the cell"
    " really contains these lines, write the table as JSONL."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file with its ending, counted from 1."""

    number: int
    text: str


class Lines:
    """The lines of a file; those taken too early can be put back."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._number = 0
        self._waiting: deque[Line] = deque()

    def take(self) -> Line | None:
        """The next line, cut at `LONGEST` characters; None at the end."""
        if self._waiting:
            return self._waiting.popleft()
        text = self._text.readline(LONGEST)
        if not text:
            return None
        self._number += 1
        return Line(self._number, text)

    def put_back(self, lines: Sequence[Line]) -> None:
        """Give lines back; they are taken again, in order."""
        self._waiting.extendleft(reversed(lines))


def open_delimited(file: BinaryIO, name: str, options: ReadOptions) -> Table:
    """Open a file of delimited text whose first line names the columns.

    Raises:
        TableError: it is empty, or its heading cannot be used.
    """
    text, encoding, note = open_text(file, name, options.encoding, line_ending="")
    lines = Lines(text)
    head, delimiter = _heading(lines, name, options)
    if not decodes(head):
        raise TableError(f"{name}: its header row is not {encoding}. {ENCODE}")
    record, taken = _whole_heading(head, delimiter, lines)
    if record.is_open or record.fault:
        reason = record.fault or "A quote is not closed."
        raise TableError(f"{name} has no readable header row. {reason}")
    first = split_line(head, delimiter)
    shape = Shape(delimiter, first.literal_width, is_padded=f"{delimiter} " in head)
    if taken and swallowed_rows(first, [head, *(line.text for line in taken)], shape):
        raise TableError(
            f"{name} has no readable header row. A quote that opens in it closes in line"
            f" {taken[-1].number} and swallows rows. {QUOTING}"
        )
    columns = head_columns(record.cells, ColumnNames(options.known), name)
    _refuse_title(columns, lines, options, name)
    shape = Shape(delimiter, len(columns), is_padded=f"{delimiter} " in head)
    reader = _Reader(lines, name, shape, columns, replace(options, encoding=encoding))
    notes = [note] if note else []
    return Table(name, reader.rows(), dict.fromkeys(columns), notes)


def _heading(lines: Lines, name: str, options: ReadOptions) -> tuple[str, str]:
    """The first line that is not blank, and the delimiter."""
    declared = options.delimiter
    while line := lines.take():
        text = line.text.rstrip(ENDINGS)
        if text.lower().startswith(DECLARED) and len(text) == len(DECLARED) + 1:
            declared = declared or text[-1]
        elif text.strip():
            return line.text, declared or find_delimiter(line.text, options.known)
    raise TableError(f"{name} is empty.")


def _whole_heading(head: str, delimiter: str, lines: Lines) -> tuple[Record, list[Line]]:
    """The heading's record, with the further lines into which its quoted cells lead."""
    record = split_line(head, delimiter)
    taken: list[Line] = []
    while record.is_open and len(taken) < HEADING_LINES:
        line = lines.take()
        if line is None:
            break
        taken.append(line)
        record.feed(line.text)
    return record, taken


def _refuse_title(columns: Sequence[str], lines: Lines, options: ReadOptions, name: str) -> None:
    """Refuse a title or comment above the heading."""
    following = lines.take()
    if following is None:
        return
    lines.put_back([following])
    width = len(split_line(following.text, find_delimiter(following.text, options.known)).cells)
    if len(columns) == 1 and width > 1 and options.delimiter is None:
        raise TableError(
            f"{name}: its first line, “{columns[0][:40]}”, does not look like a header row: it "
            "has one"
            f" cell, the next line has {width}. Remove the lines above the header row."
        )


def find_delimiter(head: str, known: Sequence[str] = ()) -> str:
    """The delimiter under which a heading has most known names, then most columns.

    >>> find_delimiter("item;candidate;note, if any", ("item", "candidate"))
    ';'
    """
    asked = {name.casefold() for name in known}

    def fitness(delimiter: str) -> tuple[int, int]:
        cells = split_line(head, delimiter).cells
        return sum(cell.strip().casefold() in asked for cell in cells), len(cells)

    return max(DELIMITERS, key=fitness)


def unescaped(cell: str) -> str:
    """A cell without the quote that keeps spreadsheets from running it.

    >>> unescaped("'=1+1"), unescaped("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_SIGNS) else cell


class _Reader:
    """Reads the records after the heading."""

    def __init__(
        self, lines: Lines, name: str, shape: Shape, columns: Sequence[str], options: ReadOptions
    ) -> None:
        self._lines = lines
        self._name = name
        self._shape = shape
        self._columns = columns
        self._encoding = options.encoding
        self._unescape = options.unescape
        known = options.item_column in columns
        self._item_at = columns.index(options.item_column) if known else -1
        self._blanks = f"{shape.delimiter}{BLANKS}"
        self._suspects: set[int] = set()  # lines on which a stray quote closed

    def rows(self) -> Rows:
        """Every row, read or reported."""
        while line := self._lines.take():
            if line.text.strip(self._blanks):
                yield self._row(line)

    def _row(self, line: Line) -> TableRow | RowProblem:
        record = self._split(line)
        lines = self._extend(record, line)
        if record.is_open or record.fault or len(lines) > 1:
            reason = self._complaint(record, lines)
            if reason:
                return self._broken(lines, reason)
        if record.has_loose_quote and line.number in self._suspects:
            reason = "A quote that was opened on an earlier line closes here."
            return unreadable(self._name, line.number, reason, QUOTING)
        return self._finish(line.number, record.cells, lines)

    def _split(self, line: Line) -> Record:
        return split_line(line.text, self._shape.delimiter)

    def _extend(self, record: Record, line: Line) -> list[Line]:
        """Take the lines into which an open quote leads."""
        lines, size = [line], len(line.text)
        while record.is_open and size <= LONGEST:
            following = self._lines.take()
            if following is None:
                break
            lines.append(following)
            size += len(following.text)
            record.feed(following.text)
        return lines

    def _complaint(self, record: Record, lines: Sequence[Line]) -> str:
        """What is wrong with the quotes of a record; empty if they are right."""
        last, width = lines[-1].number, self._shape.width
        if record.is_open:
            end = "before the end of the file" if len(lines) > 1 else "in this line"
            return f"The quote that opens in {self._column(record.opened_at)} is not closed {end}."
        if record.fault:
            return record.fault if len(lines) == 1 else f"In line {last}: {record.fault}"
        if len(record.cells) != width:
            return (
                f"Its quotes join lines {lines[0].number} to {last} into one row, with"
                f" {len(record.cells)} cells instead of {width}."
            )
        first = self._split(lines[0])
        if swallowed_rows(first, [line.text for line in lines], self._shape):
            column = self._column(first.opened_at)
            return f"The quote that opens in {column} closes in line {last} and swallows rows."
        return ""

    def _broken(self, lines: Sequence[Line], reason: str) -> RowProblem:
        """Report a record with bad quotes, and read the rows that it swallowed on their own.

        If the first line looks like a whole row, the quote in it is the stray one. Otherwise lines
        that are not rows by themselves are taken for the rest of the bad record.
        """
        first, after = self._split(lines[0]), 1
        if first.literal_width != self._shape.width:
            while after < len(lines) and not is_whole(lines[after].text, self._shape):
                after += 1
        self._lines.put_back(lines[after:])
        self._suspects.add(lines[-1].number)
        item = first.cells[self._item_at] if 0 <= self._item_at < first.opened_at else ""
        last = lines[after - 1].number if after > 1 else 0
        return self._problem(lines[0].number, reason, QUOTING, last, item)

    def _finish(
        self, number: int, cells: list[str], lines: Sequence[Line]
    ) -> TableRow | RowProblem:
        width = self._shape.width
        last = lines[-1].number if len(lines) > 1 else 0
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) != width:
            more = "more" if len(cells) > width else "fewer"
            reason = f"It has {more} cells ({len(cells)}) than the header row ({width})."
            remedy = f"Give it {width} cells; put cells that hold the delimiter in quotes."
            item = cells[0] if self._item_at == 0 else ""
            return self._problem(number, reason, remedy, last, item)
        for column, cell in zip(self._columns, cells, strict=True):
            if not decodes(cell):
                return self._undecodable(number, column, cells, last)
        if self._unescape:
            cells = [unescaped(cell) for cell in cells]
        return TableRow(self._name, number, dict(zip(self._columns, cells, strict=True)), last)

    def _undecodable(self, number: int, column: str, cells: list[str], last: int) -> RowProblem:
        reason = f"It has bytes that are not {self._encoding}."
        item = cells[self._item_at] if self._item_at >= 0 else ""
        item = normal_name(item) if decodes(item) else ""
        return RowProblem(self._name, number, item, column, BAD_TEXT, reason, ENCODE, last)

    def _problem(self, number: int, reason: str, remedy: str, last: int, item: str) -> RowProblem:
        named = normal_name(item) if decodes(item) else ""
        return unreadable(self._name, number, reason, remedy, last_line=last, item_id=named)

    def _column(self, place: int) -> str:
        known = place < len(self._columns)
        return f"column “{self._columns[place]}”" if known else f"cell {place + 1}"
