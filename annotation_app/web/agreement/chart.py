"""A chart as data: drawing, table, screen reader text and download use the same rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Value = str | float | int | None


@dataclass(frozen=True)
class Column:
    """A column: its name in files, and its heading; without one it is in files only."""

    key: str
    label: str
    is_number: bool = True


@dataclass(frozen=True)
class Cell:
    """A value, how the page writes it, and where it leads."""

    value: Value
    text: str
    link: str = ""


@dataclass(frozen=True)
class Table:
    """What the page shows of a chart whose rows are too many to read."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Chart:
    """One chart with its table.

    Attributes:
        key: its name in addresses.
        kind: how it is drawn: `intervals`, `series`, `matrix`, `stack` or `funnel`.
        title: a heading.
        sentence: what is seen, for those who do not see it.
        columns: of the rows.
        rows: one cell per column.
        links: where a click on each row's mark leads; empty for nowhere.
        marks: named lines, `{"value", "label"}`: thresholds, or periods of a change.
        curves: further lines by name, each a list of numbers.
        axis: what is measured.
        table: what the page shows instead of the rows.
        is_of_all_items: it ignores the slice that the page is narrowed to.
    """

    key: str
    kind: str
    title: str
    sentence: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    links: Sequence[str] = ()
    marks: Sequence[Mapping[str, Value]] = ()
    curves: Mapping[str, Sequence[float]] = field(default_factory=dict)
    axis: str = ""
    table: Table | None = None
    is_of_all_items: bool = False

    @property
    def is_drawn(self) -> bool:
        """Whether any row has a figure."""
        places = [i for i, one in enumerate(self.columns) if one.key in {"alpha", "share"}]
        return any(row[place].value is not None for row in self.rows for place in places)

    @property
    def headings(self) -> list[Column]:
        """The columns that the page shows."""
        if self.table is not None:
            return list(self.table.columns)
        return [one for one in self.columns if one.label]

    @property
    def lines(self) -> list[list[Cell]]:
        """The rows as the page shows them."""
        if self.table is not None:
            return [list(row) for row in self.table.rows]
        shown = [place for place, one in enumerate(self.columns) if one.label]
        return [[row[place] for place in shown] for row in self.rows]

    def records(self) -> list[dict[str, Value]]:
        """The rows as flat records, for files."""
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, [cell.value for cell in row], strict=True)) for row in self.rows]

    def as_dict(self) -> dict[str, Any]:
        """Return the data that the browser draws and the JSON file contains."""
        return {
            "chart": self.key,
            "kind": self.kind,
            "title": self.title,
            "description": self.sentence,
            "axis": self.axis,
            "columns": [{"key": one.key, "label": one.label or one.key} for one in self.columns],
            "rows": self.records(),
            "links": list(self.links),
            "marks": list(self.marks),
            "curves": dict(self.curves),
        }
