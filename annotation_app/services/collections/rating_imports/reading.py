"""Ratings files, row by row: one row a score, or one column a dimension.

Columns by name: `item`, `candidate`, `annotator`; `dimension` with `level` (or `score`), or a
column named after each dimension; optional `missing_reason`, `seconds`, `order`, `scale`. Further
columns are left alone, and named.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from analytics.foreign.levels import parse_levels
from analytics.tabular.columns import require_columns, unknown_columns
from analytics.tabular.names import describe_near
from analytics.tabular.reading import is_table, open_table_file, remedy_for
from analytics.tabular.rows import ReadOptions, RowProblem, Table, TableError, TableRow
from annotation_app.exceptions import InvalidInputError
from annotation_app.services.collections.importing.problems import ProblemCode
from annotation_app.services.collections.rating_imports.dimensions import DimensionWords
from annotation_app.services.collections.rating_imports.records import ScoreRow
from annotation_app.services.collections.rating_imports.score_rows import (
    NAMES,
    NEEDED,
    Parsed,
    RowReader,
)

KNOWN = tuple(name for names in NAMES.values() for name in names)
READING = ReadOptions(known=KNOWN, plain_only=True, batch_rows=10_000, unescape=True)


class RatingsFile:
    """A ratings file, read once.

    Args:
        path: of a table of any kind.
        words: for the rubric's dimensions.
        name: what problems call the file; its own name by default.
        encoding: of the file, where it is declared.
    """

    def __init__(
        self, path: Path, words: DimensionWords, name: str = "", encoding: str | None = None
    ) -> None:
        self._reading = replace(READING, encoding=encoding)
        self._path = path
        self._words = words
        self._name = name or path.name
        self._annotators: set[str] = set()
        self._items: set[str] = set()
        self._scales: dict[str, set[str]] = {}
        self._scored: set[str] = set()
        self.notices: list[str] = []

    @property
    def lacking(self) -> list[str]:
        """After the reading: dimensions of the rubric for which the file has no column or row."""
        return [key for key in self._words.keys if key not in self._scored]

    def rows(self) -> Iterator[Parsed]:
        """Scores and problems, in the file's order.

        Raises:
            InvalidInputError: if it is not a table, or lacks a column that is needed.
        """
        if not is_table(self._path.name):
            raise InvalidInputError(f"{self._name} is not a table. {remedy_for(self._path.name)}")
        suffix = self._path.suffix if is_table(self._name) is False else ""
        try:
            with open_table_file(self._path, self._name + suffix, self._reading) as table:
                require_columns(table, NEEDED)
                self._check_dimensions(table)
                yield from self._scores(table)
                self._close(table)
        except TableError as error:
            raise InvalidInputError(str(error)) from error

    def _check_dimensions(self, table: Table) -> None:
        """Refuse a wide table in which two columns mean one dimension."""
        found: dict[str, str] = {}
        for column in table.columns:
            key = self._words.key(column)
            if key is not None and found.setdefault(key, column) != column:
                raise TableError(
                    f"{table.name} has two columns for the dimension {key}: “{found[key]}” and"
                    f" “{column}”. Keep one."
                )

    def _scores(self, table: Table) -> Iterator[Parsed]:
        n_rows = 0
        for row in table.rows:
            n_rows += 1
            if isinstance(row, RowProblem):
                yield replace(row, file=self._name)
                continue
            for parsed in RowReader(self._name, row, self._words).scores():
                if isinstance(parsed, ScoreRow):
                    self._note_score(parsed)
                    yield from self._check_scale(row, parsed)
                yield parsed
        if not n_rows:
            raise TableError(f"{self._name} has a header row but no other rows.")

    def _note_score(self, score: ScoreRow) -> None:
        self._annotators.add(score.annotator)
        self._items.add(score.item)
        self._scored.add(score.dimension)

    def _check_scale(self, row: TableRow, score: ScoreRow) -> Iterator[RowProblem]:
        """Check that a scale in the file is the rubric's; reported once for each dimension."""
        told = str(row.values.get("scale") or "").strip()
        seen = self._scales.setdefault(score.dimension, set())
        if not told or told in seen:
            return
        seen.add(told)
        known = list(self._words.levels.get(score.dimension, ()))
        levels = _levels(told)
        if known and levels and levels != known:
            yield score.problem(
                "scale",
                ProblemCode.CONFLICT,
                f"The file's levels of {score.dimension} are {told[:60]}, the rubric's are"
                f" {'|'.join(map(str, known))}.",
                "Import into a campaign with the same rubric; levels are not converted.",
            )

    def _close(self, table: Table) -> None:
        """Say what was found out or left alone."""
        columns = [
            column for column in unknown_columns(table, KNOWN) if self._words.key(column) is None
        ]
        self.notices += table.notes
        if columns:
            listed = ", ".join(f"“{column[:60]}”" for column in columns)
            self.notices.append(f"Ignored columns: {listed}.")
        self.notices += describe_near("annotators", self._annotators)
        self.notices += describe_near("items", self._items)


def _levels(text: str) -> list[float]:
    try:
        return list(parse_levels(text))
    except ValueError:
        return []
