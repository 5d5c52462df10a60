"""Scores from the rows of a ratings file; every problem of a row is noted, no row is lost."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analytics.foreign.fields import Fields
from analytics.foreign.levels import list_levels
from analytics.foreign.options import FileOptions
from analytics.scales import Scale
from analytics.tabular.missing import is_missing
from analytics.tabular.names import loose_name, normal_name
from analytics.tabular.numbers import may_be_thousands, read_number
from analytics.tabular.rows import RowProblem, TableRow

NO_STRATUM = "–"


@dataclass(frozen=True, slots=True)
class FileScore:
    """One score of a file.

    Attributes:
        row: the row of the score.
        column: of the score.
        unit: item (or empty) and the unit's name.
        rater: who gave it.
        stratum: the value of the column of strata, if one is asked for.
        dimension: as first spelt in the file.
        value: None if the rater gave none.
        scale: the levels as declared in the row, or empty.
    """

    row: TableRow
    column: str
    unit: tuple[str, str]
    rater: str
    stratum: str
    dimension: str
    value: float | None
    scale: str


class ScoreReader:
    """Reads scores out of rows, noting every problem."""

    def __init__(self, fields: Fields, options: FileOptions) -> None:
        self._fields = fields
        self._options = options
        self._lines: dict[tuple[object, ...], int] = {}
        self._spelt: dict[str, str] = {}
        self.problems: list[RowProblem] = []
        self.thousands: dict[str, float] = {}

    def read(self, rows: Iterable[TableRow]) -> list[FileScore]:
        """The scores of all rows that have no problem."""
        return [score for row in rows for score in self._row(row)]

    @property
    def dimensions(self) -> list[str]:
        """Those of the file, reported or not."""
        return list(self._fields.wide) or list(self._spelt.values())

    def _row(self, row: TableRow) -> Iterator[FileScore]:
        fields = self._fields
        unit, rater = self._name(row, fields.unit), self._name(row, fields.rater)
        item = self._name(row, fields.item) if fields.item else ""
        stratum = (_text(row, fields.by) or NO_STRATUM) if fields.by else ""
        scale = _text(row, fields.scale) if fields.scale else ""
        columns = list(self._columns(row))
        if not (unit and rater and (item or not fields.item)):
            return
        for dimension, column in columns:
            if self._options.reports(dimension) and self._is_first(
                row, column, (item, unit, rater, dimension)
            ):
                value = self._number(row, column)
                yield FileScore(row, column, (item, unit), rater, stratum, dimension, value, scale)

    def _columns(self, row: TableRow) -> Iterator[tuple[str, str]]:
        """Dimension and column of each score of a row."""
        if self._fields.wide:
            yield from ((name, name) for name in self._fields.wide)
            return
        dimension = self._name(row, self._fields.dimension)
        if dimension:
            spelt = self._spelt.setdefault(loose_name(dimension), dimension)
            yield spelt, self._fields.score

    def _name(self, row: TableRow, column: str) -> str:
        text = _text(row, column)
        if not text:
            self._note(row, column, "It is empty.", "Give it a value, or remove the row.")
        return text

    def _is_first(self, row: TableRow, column: str, key: tuple[str, ...]) -> bool:
        before = self._lines.setdefault(key, row.line)
        is_first = before == row.line
        if not is_first:
            reason = f"“{key[2]}” has already rated this unit on “{key[3]}” in line {before}."
            lacking = [
                name
                for name, there in (("item", self._fields.item), ("dimension", self._dimension))
                if not there
            ]
            columns = " or ".join(f"“{name}”" for name in lacking)
            advice = f" If they rate different things, a column {columns} is missing."
            self._note(row, column, reason, f"Keep one of the rows.{advice if lacking else ''}")
        return is_first

    @property
    def _dimension(self) -> bool:
        return bool(self._fields.dimension or self._fields.wide)

    def _number(self, row: TableRow, column: str) -> float | None:
        cell = row.values.get(column)
        if is_missing(cell, self._options.missing):
            return None
        try:
            value = read_number(cell)
        except ValueError:
            reason = f"“{str(cell)[:40]}” is not a number."
            self._note(row, column, reason, _number_remedy(cell))
            return None
        if may_be_thousands(cell):
            self.thousands.setdefault(str(cell).strip(), value)
        return value

    def _note(self, row: TableRow, column: str, reason: str, remedy: str) -> None:
        self.problems.append(row.problem(column, reason, remedy))

    def refuse_undeclared(self, scores: Iterable[FileScore], scale: Scale) -> None:
        """Note every score that is not one of a dimension's declared levels."""
        levels = set(scale.values)
        for score in scores:
            if score.value is not None and score.value not in levels:
                self._note(
                    score.row,
                    score.column,
                    f"{score.value:g} is not one of the levels {list_levels(scale.values)} of"
                    f" “{score.dimension}”.",
                    "Correct it, or declare the levels with --levels, or the code of missing"
                    " values with --missing.",
                )


def told_levels(scores: Iterable[FileScore]) -> set[str]:
    """What rows say of a dimension's levels, as the product's exports do."""
    return {score.scale for score in scores if score.scale}


def _number_remedy(cell: object) -> str:
    if may_be_thousands(cell):
        return "Write it without a thousands separator and with a decimal point."
    return "Correct it, or declare it with --missing."


def _text(row: TableRow, column: str) -> str:
    value = row.values.get(column)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return normal_name(str(value))
