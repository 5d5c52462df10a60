"""What goes into a benchmark (cross-checked items) and what comes out (groups)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from analytics.benchmark.orders import HumanOrder
from analytics.overall import weighted_sum
from analytics.pairs.dimensions import Dimensions

RaterScores = tuple[int | None, ...]
"""One rater's levels of one candidate, in rubric order."""


@dataclass(frozen=True, slots=True)
class CheckedCandidate:
    """A candidate with every rater's levels, raters in the same order within an item."""

    candidate_id: str
    generator: str
    pixel_hash: str
    rater_scores: tuple[RaterScores, ...]


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """An item whose ratings may be cross-checked; ``random_design`` if all its slots were drawn."""

    item_id: str
    category: str
    random_design: bool
    candidates: tuple[CheckedCandidate, ...]


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """A candidate of a group: exact means per dimension, their weighted sum, the raters' levels."""

    candidate_id: str
    generator: str
    means: tuple[Fraction, ...]
    overall: Fraction
    rater_scores: tuple[RaterScores, ...]


@dataclass(frozen=True, slots=True)
class BenchmarkGroup:
    """K candidates of one item in the seeded order in which they are named A, B, C, D."""

    group_id: str
    item_id: str
    category: str
    candidates: tuple[RankedCandidate, ...]
    order: HumanOrder

    @property
    def k(self) -> int:
        return len(self.candidates)

    @property
    def spread(self) -> Fraction:
        """Return best minus worst overall score: small means hard."""
        overall = [candidate.overall for candidate in self.candidates]
        return max(overall) - min(overall)


def rank_candidate(candidate: CheckedCandidate, dimensions: Dimensions) -> RankedCandidate:
    """Return the candidate with its exact means over raters.

    Raises:
        ValueError: if a level is missing.
    """
    columns = list(zip(*candidate.rater_scores, strict=True))
    means = tuple(_exact_mean(column) for column in columns)
    overall = weighted_sum(means, dimensions.weights)
    return RankedCandidate(
        candidate.candidate_id, candidate.generator, means, overall, candidate.rater_scores
    )


def _exact_mean(levels: Sequence[int | None]) -> Fraction:
    present = [level for level in levels if level is not None]
    if len(present) < len(levels) or not present:
        raise ValueError("a benchmark candidate needs every rater's level on every dimension")
    return Fraction(sum(present), len(present))
