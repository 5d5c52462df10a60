"""Rows on their way in: raw records of a table, and parsed items."""

from dataclasses import dataclass, field
from typing import Any

from analytics.tabular.rows import RowProblem

ITEM_TEXTS = {  # column to the longest value, in characters
    "instruction": 10_000,
    "instruction_language": 20,
    "category": 100,
    "source_dataset": 200,
    "licence": 200,
}
CANDIDATE_COLUMNS = frozenset({"candidate_id", "model", "seed", "image"})
ID_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Record:
    """A row as the table gave it; `candidate_lines` where each candidate had its own line."""

    file: str
    line: int
    values: dict[str, Any]
    candidate_lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A row that cannot be taken, and why; `is_unreadable` if its cells could not be read."""

    line: int
    problems: list[RowProblem]
    is_unreadable: bool = False

    @property
    def item_id(self) -> str:
        """The item that the row speaks of, if that could be read."""
        return next((problem.item_id for problem in self.problems if problem.item_id), "")


@dataclass(frozen=True, slots=True)
class ImageCell:
    """An image named by path, or embedded with its bytes; its location for error messages."""

    path: str
    data: bytes | None
    line: int
    field: str


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A parsed candidate."""

    candidate_id: str
    model: str
    seed: int | None
    image: ImageCell
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A parsed item with its candidates; `texts` contains the columns of ITEM_TEXTS."""

    file: str
    line: int
    item_id: str
    texts: dict[str, str]
    source_image: ImageCell
    candidates: tuple[CandidateRow, ...]
    metadata: dict[str, Any] = field(default_factory=dict)

    def cells(self) -> list[ImageCell]:
        """Every image of the row, the source first."""
        return [self.source_image, *(candidate.image for candidate in self.candidates)]

    def problem(self, cell: ImageCell, *, code: str, reason: str, remedy: str) -> RowProblem:
        """A problem of one of the row's images."""
        return RowProblem(self.file, cell.line, self.item_id, cell.field, code, reason, remedy)
