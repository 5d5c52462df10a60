"""Problems of rows, worded so that the owner can correct them; and the summary of an import."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from analytics.tabular.rows import RowProblem, shortened

LISTED = 1000  # problems kept in a summary; the rest is counted


class ProblemCode(StrEnum):
    """Machine-readable causes of bad rows, besides those of refused images."""

    UNREADABLE = "unreadable_row"
    MISSING_VALUE = "missing_value"
    WRONG_TYPE = "wrong_type"
    TOO_LONG = "too_long"
    BAD_TEXT = "bad_text"
    DUPLICATE = "duplicate_id"
    INCONSISTENT = "inconsistent_rows"
    CONFLICT = "conflict"


@dataclass(slots=True)
class ImportSummary:
    """What an import did, or in a dry run would do. Counts are items unless named otherwise.

    `failed` counts items, and rows that could not be read; `unreadable` counts those rows alone.
    `notices` say what was found out or left alone.
    """

    dry_run: bool = False
    stopped: bool = False
    imported: int = 0
    unchanged: int = 0
    failed: int = 0
    unreadable: int = 0
    conflicts: int = 0
    candidates: int = 0
    new_images: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    problem_count: int = 0
    notices: list[str] = field(default_factory=list)

    @property
    def has_failures(self) -> bool:
        """Whether some row was not taken."""
        return self.not_taken > 0

    @property
    def not_taken(self) -> int:
        """Items and rows that were not taken."""
        return self.failed + self.conflicts

    def add_problems(self, problems: list[RowProblem]) -> None:
        """Count problems and keep the first thousand."""
        self.problem_count += len(problems)
        self.problems.extend(map(shortened, problems[: LISTED - len(self.problems)]))

    def counts(self) -> dict[str, Any]:
        """The summary without its lists, as JSON values."""
        values = asdict(self)
        del values["problems"], values["notices"]
        return values
