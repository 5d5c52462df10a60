"""The columns of a table: matched to the names asked for, each once, the others named."""

import re
from collections.abc import Iterable, Mapping, Sequence

from analytics.tabular.names import normal_name
from analytics.tabular.rows import Table, TableError

# what pandas and R call a column of row numbers; the first is our name for one without a name
ROW_NUMBER = re.compile(r"column \d+|unnamed: \d+|__index_level_\d+__", re.IGNORECASE)


class ColumnNames:
    """Gives a file's columns the names that the caller asks for."""

    def __init__(self, known: Sequence[str]) -> None:
        self._known = {name.casefold(): name for name in known}
        self._found: dict[str, str] = {}

    def name(self, column: str) -> str:
        """The name of one column: the known one, or the spelling that came first, ignoring case."""
        found = self._found.get(column)
        if found is None:
            plain = normal_name(column)
            found = self._found[column] = self._known.setdefault(plain.casefold(), plain)
        return found

    def rename(self, values: Mapping[str, object]) -> tuple[dict[str, object], list[str]]:
        """The values under their names, and the names that come twice."""
        named: dict[str, object] = {}
        repeated: list[str] = []
        for column, value in values.items():
            name = self.name(str(column))
            if name in named:
                repeated.append(name)
            named[name] = value
        return named, repeated


def head_columns(cells: Sequence[str], names: ColumnNames, file: str) -> list[str]:
    """The columns of a heading.

    Columns without a name at the end are left out, others are called by their place.

    Raises:
        TableError: there is no name at all, or one comes twice.
    """
    found = [names.name(cell) for cell in cells]
    while found and not found[-1]:
        found.pop()
    if not found:
        raise TableError(f"{file} has no header row. Name the columns in its first line.")
    found = [name or f"column {place}" for place, name in enumerate(found, start=1)]
    refuse_repeated(found, file)
    return found


def refuse_repeated(columns: Sequence[str], file: str) -> None:
    """Refuse columns of one name.

    Raises:
        TableError: naming them.
    """
    seen: set[str] = set()
    repeated = []
    for name in columns:
        if name.casefold() in seen:
            repeated.append(name)
        seen.add(name.casefold())
    if repeated:
        raise TableError(
            f"{file} has the column {_listed(repeated)} twice (capitals do not count). Keep one."
        )


def require_columns(table: Table, needed: Mapping[str, Sequence[str]]) -> None:
    """Refuse a table without a needed column; JSON is looked at row by row instead.

    Args:
        table: with the columns found.
        needed: each field, and the columns that may hold it.

    Raises:
        TableError: naming the field and the columns that are there.
    """
    lacking = [field for field, names in needed.items() if not table.columns.keys() & set(names)]
    if table.columns and lacking:
        raise TableError(
            f"{table.name} has no column {_listed(lacking)}; it has {_listed(table.columns)}."
        )


def unknown_columns(table: Table, known: Iterable[str]) -> list[str]:
    """The columns that the caller does not ask for, in the file's order."""
    asked = set(known)
    return [name for name in table.columns if name not in asked]


def _listed(names: Iterable[str], most: int = 20) -> str:
    listed = [f"“{name[:60]}”" for name in names]
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
