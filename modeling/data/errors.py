"""Problems of a training folder, all of them at once: nothing is skipped silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from typing_extensions import override

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with one line of ``groups.jsonl``."""

    line: int  # 1-based
    item_id: str
    reason: str

    @override
    def __str__(self) -> str:
        return f"line {self.line} ({self.item_id or 'no item id'}): {self.reason}"


class DataError(ValueError):
    """A training folder that cannot be used, with every problem found."""

    def __init__(self, problems: Sequence[RowProblem], *, rows: int) -> None:
        self.problems = tuple(problems)
        shown = "\n".join(str(problem) for problem in self.problems[:_SHOWN])
        rest = len(self.problems) - _SHOWN
        more = f"\n… and {rest} more" if rest > 0 else ""
        counts = f"{counted(len(self.problems), 'problem')} in {counted(rows, 'row')}"
        super().__init__(f"{counts}:\n{shown}{more}")


def counted(number: int, noun: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
