"""Splits records of delimited text into cells, line by line, saying what is wrong with quotes."""

from collections.abc import Sequence
from dataclasses import dataclass

QUOTE = '"'
ENDINGS = "\r\n"


class Record:
    """One record being read: fed the lines it spans, contains its cells.

    Attributes:
        cells: finished so far.
        is_open: whether a quoted cell continues in the next line.
        fault: a sentence on what is wrong with a quote; empty if none is.
        has_loose_quote: whether an unquoted cell contains a quote.
        opened_at: the cell, from 0, in which the last quote was opened.
        rest: what followed that opening quote in its line.
    """

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self._blanks = " " if delimiter == "\t" else " \t"
        self._parts: list[str] = []
        self.cells: list[str] = []
        self.is_open = False
        self.fault = ""
        self.has_loose_quote = False
        self.opened_at = 0
        self.rest = ""

    @property
    def literal_width(self) -> int:
        """Cells of the line if its last opening quote is taken literally."""
        return self.opened_at + len(self.rest.split(self._delimiter))

    def feed(self, line: str) -> None:
        """Read one line with its ending."""
        body = line.rstrip(ENDINGS)
        if not self.is_open and QUOTE not in body:
            self.cells = body.split(self._delimiter)
            return
        place = self._quoted(line, body, 0) if self.is_open else self._begin(line, body, 0)
        while 0 <= place <= len(body):
            place = self._begin(line, body, place)

    def _begin(self, line: str, body: str, place: int) -> int:
        """Read a cell from its first character; the next one's place, or -1 at the end."""
        start = place
        while start < len(body) and body[start] in self._blanks:
            start += 1
        if body.startswith(QUOTE, start):
            self.opened_at, self.rest = len(self.cells), body[start + 1 :]
            return self._quoted(line, body, start + 1)
        end = body.find(self._delimiter, place)
        cell = body[place:] if end < 0 else body[place:end]
        self.has_loose_quote |= QUOTE in cell
        self.cells.append(cell)
        return -1 if end < 0 else end + 1

    def _quoted(self, line: str, body: str, place: int) -> int:
        """Read on inside quotes; the next cell's place, or -1 at the end of the line."""
        while True:
            end = body.find(QUOTE, place)
            if end < 0:
                self._parts.append(line[place:])
                self.is_open = True
                return -1
            self._parts.append(body[place:end])
            if not body.startswith(QUOTE, end + 1):
                return self._close(body, end + 1)
            self._parts.append(QUOTE)
            place = end + 2

    def _close(self, body: str, place: int) -> int:
        """Finish a quoted cell: only blanks may follow before the next delimiter."""
        self.is_open = False
        self.cells.append("".join(self._parts))
        self._parts.clear()
        while place < len(body) and body[place] in self._blanks:
            place += 1
        if place == len(body):
            return -1
        if body.startswith(self._delimiter, place):
            return place + 1
        found = body[place : place + 20]
        self.fault = f"“{found}” follows the closing quote of cell {len(self.cells)}."
        return -1


def split_line(line: str, delimiter: str) -> Record:
    """Read one line as a separate record."""
    record = Record(delimiter)
    record.feed(line)
    return record


@dataclass(frozen=True, slots=True)
class Shape:
    """What rows of a table look like.

    Attributes:
        delimiter: between cells.
        width: cells of the heading.
        is_padded: whether the heading has blanks behind its delimiters, as prose has.
    """

    delimiter: str
    width: int
    is_padded: bool = False


def is_whole(line: str, shape: Shape) -> bool:
    """Whether a line alone is a sound row."""
    record = split_line(line, shape.delimiter)
    return not (record.is_open or record.fault) and len(record.cells) == shape.width


SURE_FROM = 4  # columns: prose has hardly a line with that many commas, and none after a blank


def swallowed_rows(first: Record, lines: Sequence[str], shape: Shape) -> bool:
    """Whether a quoted cell that spans lines has swallowed rows, as a stray quote does.

    The first line would be a whole row without the quote, and so are lines after it by themselves:
    they are taken for rows, not for the text of a cell; text has a blank behind its commas. In
    narrow tables every line must look like a row.

    Args:
        first: the record of the first line alone.
        lines: those that the record spans, at least two.
        shape: of the table.
    """
    padded = shape.is_padded or _pads_all(lines[0], shape.delimiter)
    alone = [_is_row(line, shape, is_padded=padded) for line in lines[1:]]
    is_row = any(alone) if shape.width >= SURE_FROM else all(alone)
    return is_row and first.literal_width == shape.width


def _pads_all(line: str, delimiter: str) -> bool:
    """Whether a blank follows every delimiter of a line, so that blanks do not suggest prose."""
    return line.count(delimiter) == line.count(f"{delimiter} ")


def _is_row(line: str, shape: Shape, *, is_padded: bool) -> bool:
    if not is_whole(line, shape):
        return False
    is_prose = f"{shape.delimiter} " in line and not is_padded
    return shape.delimiter == "\t" or not is_prose
