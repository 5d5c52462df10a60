"""What is wrong with a row, said so that its owner can mend it; and the sum of an import."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from typing_extensions import override

LISTED = 1000  # problems kept in a summary; the rest is counted


class ProblemCode(StrEnum):
    """Machine-readable causes of bad rows, beside those of refused images."""

    UNREADABLE = "unreadable_row"
    MISSING_VALUE = "missing_value"
    WRONG_TYPE = "wrong_type"
    TOO_LONG = "too_long"
    BAD_TEXT = "bad_text"
    DUPLICATE = "duplicate_id"
    INCONSISTENT = "inconsistent_rows"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with one field of one row.

    `line` counts from 1 in `file`: lines of JSONL and CSV, rows of Parquet.
    """

    file: str
    line: int
    item_id: str
    field: str
    code: str
    reason: str
    remedy: str

    @override
    def __str__(self) -> str:
        item = f" (item {self.item_id})" if self.item_id else ""
        where = f" {self.field}:" if self.field else ""
        return f"{self.file}:{self.line}{item}:{where} {self.reason} {self.remedy}"


@dataclass(slots=True)
class ImportSummary:
    """What an import did, or in a dry run would do. Counts are items unless named otherwise."""

    dry_run: bool = False
    stopped: bool = False
    imported: int = 0
    unchanged: int = 0
    failed: int = 0
    conflicts: int = 0
    candidates: int = 0
    new_images: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    problem_count: int = 0

    @property
    def has_failures(self) -> bool:
        """Whether some row was not taken."""
        return bool(self.failed or self.conflicts)

    def add_problems(self, problems: list[RowProblem]) -> None:
        """Count problems and keep the first thousand."""
        self.problem_count += len(problems)
        self.problems.extend(problems[: LISTED - len(self.problems)])

    def counts(self) -> dict[str, Any]:
        """The summary without its list of problems, as JSON values."""
        values = asdict(self)
        del values["problems"]
        return values
