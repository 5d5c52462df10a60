"""The output of a table reader: rows as in the file, and what is wrong with the others."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from typing_extensions import override

UNREADABLE = "unreadable_row"
BAD_TEXT = "bad_text"
LONGEST_NAME = 200  # characters of an item's id in a message
LONGEST_REASON = 1000  # characters of a reason that quotes a cell


class TableError(ValueError):
    """A file cannot be read as a table at all; the message names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with one field of one row.

    Attributes:
        file: the file as its owner calls it.
        line: where the row begins, from 1: lines of CSV and JSONL, rows of JSON and Parquet.
        item_id: the item that the row speaks of, if that could be read.
        field: the column, empty if the whole row is meant.
        code: machine-readable cause.
        reason: what is wrong, a sentence.
        remedy: what to do about it, a sentence.
        last_line: where the row ends if it spans several lines, else 0.
    """

    file: str
    line: int
    item_id: str
    field: str
    code: str
    reason: str
    remedy: str
    last_line: int = 0

    @override
    def __str__(self) -> str:
        item = f" (item {_cut(self.item_id)})" if self.item_id else ""
        where = f" {self.field}:" if self.field else ""
        lines = f"{self.line}-{self.last_line}" if self.last_line else str(self.line)
        reason = _cut(self.reason, LONGEST_REASON)
        return f"{self.file}:{lines}{item}:{where} {reason} {self.remedy}"

    @property
    def n_lines(self) -> int:
        """How many lines of the file the row takes up, at least one."""
        return max(self.last_line - self.line, 0) + 1


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row as in its file.

    Attributes:
        file: the file as its owner calls it.
        line: where the row begins, from 1: lines of CSV and JSONL, rows of JSON and Parquet.
        values: by column; texts in CSV, the format's own types elsewhere.
        last_line: where the row ends if it spans several lines, else 0.
    """

    file: str
    line: int
    values: dict[str, Any]
    last_line: int = 0

    @property
    def n_lines(self) -> int:
        """How many lines of the file the row takes up, at least one."""
        return max(self.last_line - self.line, 0) + 1

    def problem(self, column: str, reason: str, remedy: str, code: str = UNREADABLE) -> RowProblem:
        """A problem of this row."""
        return RowProblem(self.file, self.line, "", column, code, reason, remedy)


def shortened(problem: RowProblem) -> RowProblem:
    """A problem as it may be kept: a cell of a megabyte is not a name."""
    reason = _cut(problem.reason, LONGEST_REASON)
    return replace(problem, item_id=_cut(problem.item_id), reason=reason)


def _cut(text: str, longest: int = LONGEST_NAME) -> str:
    return text if len(text) <= longest else text[:longest] + "…"


Rows: TypeAlias = Iterator[TableRow | RowProblem]


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a file is read; what is not declared is found out.

    Attributes:
        encoding: of texts, a name that Python knows.
        delimiter: between the cells of a CSV file.
        known: column names that the caller asks for; a file's columns match them ignoring case and
            surrounding blanks, and come under these names.
        plain_only: leave out the nested columns of Parquet, such as images.
        only: columns of Parquet to read; empty for all.
        batch_rows: rows of Parquet that are held at once.
        most_rows: how many rows a Parquet file may say it has; None for the reader's own limit.
        largest: bytes that a row group of Parquet may unpack to, and characters of a JSON list,
            which is read whole; None for the readers' own limits.
        unescape: take the quote from CSV cells that begin with one and a formula's sign, as exports
            for spreadsheets write them.
        item_column: the column that names the item; rows that cannot be read name their item if its
            cell is sound.
    """

    encoding: str | None = None
    delimiter: str | None = None
    known: tuple[str, ...] = ()
    plain_only: bool = False
    only: tuple[str, ...] = ()
    batch_rows: int = 16
    most_rows: int | None = None
    largest: int | None = None
    unescape: bool = False
    item_column: str = ""


@dataclass(slots=True)
class Table:
    """An open table.

    Attributes:
        name: the file as its owner calls it.
        rows: its rows in order, to be read once.
        columns: those found; for JSON those found so far.
        notes: what had to be guessed about the file, each a sentence.
    """

    name: str
    rows: Rows
    columns: dict[str, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def unreadable(
    file: str, line: int, reason: str, remedy: str, *, last_line: int = 0, item_id: str = ""
) -> RowProblem:
    """A row that could not be read."""
    return RowProblem(file, line, item_id, "", UNREADABLE, reason, remedy, last_line)
