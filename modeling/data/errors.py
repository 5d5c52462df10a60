"""Errors in data, all reported at once: no row is skipped silently."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.tabular.rows import RowProblem, TableRow

_SHOWN = 20
BAD_VALUE = "bad_value"
REMEDY = "Correct the row."  # where the reason says what was expected


class RowError(ValueError):
    """A row that cannot be used: the text says what is wrong, ``remedy`` what to do about it."""

    def __init__(self, reason: str, remedy: str = REMEDY) -> None:
        super().__init__(reason)
        self.remedy = remedy


def row_problem(row: TableRow, item_id: str, error: Exception) -> RowProblem:
    """What an error says of a row; sentences of errors name the field themselves."""
    remedy = error.remedy if isinstance(error, RowError) else REMEDY
    reason = f"{str(error).removesuffix('.')}."
    return RowProblem(row.file, row.line, item_id, "", BAD_VALUE, reason, remedy)


class DataError(ValueError):
    """Data that cannot be used, with every problem found."""

    def __init__(self, problems: Sequence[RowProblem], *, rows: int) -> None:
        self.problems = tuple(problems)
        shown = "\n".join(str(problem) for problem in self.problems[:_SHOWN])
        rest = len(self.problems) - _SHOWN
        more = f"\n… and {rest} more" if rest > 0 else ""
        counts = f"{counted(len(self.problems), 'problem')} in {counted(rows, 'row')}"
        super().__init__(_writable(f"{counts}:\n{shown}{more}"))


def _writable(text: str) -> str:
    """A message must be writable wherever it goes, half characters and all."""
    return text.encode(errors="backslashreplace").decode()


def counted(number: int, noun: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
