"""Rows of existing ratings on their way in, and the sum of an import."""

from dataclasses import asdict, dataclass, field
from typing import Any

from analytics.tabular.rows import RowProblem, shortened
from annotation_app.services.collections.importing.problems import LISTED


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One score as a file gave it: a level, or the reason why there is none.

    `order` is the candidate's place on screen, `seconds` the time spent on the whole item.
    """

    file: str
    line: int
    item: str
    candidate: str
    annotator: str
    dimension: str
    level: int | None
    missing_reason: str = ""
    seconds: float = 0.0
    order: int | None = None

    def problem(self, column: str, code: str, reason: str, remedy: str) -> RowProblem:
        """A problem of this row."""
        return RowProblem(self.file, self.line, self.item, column, code, reason, remedy)


@dataclass(slots=True)
class ResolvedRating:
    """One annotator's ratings of one campaign item, ready to be written."""

    campaign_item: int
    annotator: str
    scores: dict[tuple[int, int], tuple[int | None, str]]
    order: dict[int, int]
    seconds: float = 0.0


@dataclass(slots=True)
class RatingsSummary:
    """What an import of ratings did, or in a dry run would do.

    `lacking`: dimensions of the rubric for which the file has no score; such an import has to be
    confirmed. `notices`: what was found out or left alone.
    """

    dry_run: bool = False
    rows: int = 0
    ratings: int = 0
    scores: int = 0
    annotators: int = 0
    items: int = 0
    not_drawn: int = 0
    new_items: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    problem_count: int = 0
    lacking: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def add_problems(self, problems: list[RowProblem]) -> None:
        """Count problems and keep the first thousand."""
        self.problem_count += len(problems)
        self.problems.extend(map(shortened, problems[: LISTED - len(self.problems)]))

    def counts(self) -> dict[str, Any]:
        """The summary without its lists of sentences, as JSON values."""
        values = asdict(self)
        del values["problems"], values["notices"]
        return values
