"""Tables by stratum and dimension: what every reader returns and the command line reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analytics.foreign.levels import FoundScale
from analytics.tables import RatingTable
from analytics.tabular.rows import RowProblem

POOLED = "pooled"
SHOWN_PROBLEMS = 20


class ForeignFileError(ValueError):
    """A foreign file cannot be read; the message names file, row and field.

    Attributes:
        problems: every bad row.
    """

    def __init__(self, message: str, problems: Sequence[RowProblem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)

    @classmethod
    def of_rows(cls, file: str, problems: Sequence[RowProblem]) -> "ForeignFileError":
        """An error that lists the bad rows, the first of them in its message."""
        shown = [str(problem) for problem in problems[:SHOWN_PROBLEMS]]
        if len(problems) > SHOWN_PROBLEMS:
            shown.append(f"{len(problems) - SHOWN_PROBLEMS:,} more.")
        head = f"{file}: problems: {len(problems):,}, so nothing is computed."
        return cls("\n".join([head, *shown]), problems)


@dataclass(frozen=True)
class StratifiedRatings:
    """Ratings read from foreign files.

    Attributes:
        strata: tables by stratum name, then by dimension name.
        source: what was read, for the report's heading.
        scales: the levels of each dimension, and where they come from.
        notes: what had to be guessed or left out, each a sentence.
    """

    strata: Mapping[str, Mapping[str, RatingTable]]
    source: str
    scales: Mapping[str, FoundScale] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
