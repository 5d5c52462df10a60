"""Several raters' levels to one exact score with its provenance. Called by export services."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class FinalScoreRule(StrEnum):
    """How unadjudicated levels of several raters become one score."""

    EXACT_MEAN = "exact_mean"
    MAJORITY = "majority"


class Provenance(StrEnum):
    """Where a final score comes from."""

    ADJUDICATED = "adjudicated"
    SINGLE = "single"
    MEAN = "mean"
    MAJORITY = "majority"
    NO_MAJORITY = "no_majority"
    NO_RATING = "no_rating"


@dataclass(frozen=True, slots=True)
class FinalScore:
    """A score as an exact rational (None if there is none), why, and the raters behind it."""

    value: Fraction | None
    provenance: Provenance
    raters: int


def final_score(
    levels: Sequence[int | None],
    *,
    adjudicated: int | None = None,
    rule: FinalScoreRule = FinalScoreRule.EXACT_MEAN,
) -> FinalScore:
    """Return the final score of one candidate on one dimension.

    The adjudicated level wins; else the only level; else the exact mean. ``majority`` is the
    paper's rule: the single most frequent level, and no score when two levels tie for it.
    ``None`` among the levels is a rater who could not judge, and does not count.
    """
    present = [level for level in levels if level is not None]
    if adjudicated is not None:
        return FinalScore(Fraction(adjudicated), Provenance.ADJUDICATED, len(present))
    if not present:
        return FinalScore(None, Provenance.NO_RATING, 0)
    if len(present) == 1:
        return FinalScore(Fraction(present[0]), Provenance.SINGLE, 1)
    if rule is FinalScoreRule.MAJORITY:
        return _majority(present)
    return FinalScore(Fraction(sum(present), len(present)), Provenance.MEAN, len(present))


def _majority(levels: Sequence[int]) -> FinalScore:
    ranked = Counter(levels).most_common(2)
    if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:  # noqa: PLR2004 - the two leaders
        return FinalScore(None, Provenance.NO_MAJORITY, len(levels))
    return FinalScore(Fraction(ranked[0][0]), Provenance.MAJORITY, len(levels))
