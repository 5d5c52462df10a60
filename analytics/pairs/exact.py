"""Scores and limits of one item as integers over one denominator: exact comparisons, fast."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, lcm

from analytics.overall import weighted_sum, whole_weights
from analytics.pairs.dimensions import Dimensions
from analytics.pairs.options import PairOptions
from analytics.pairs.records import ScoredItem


@dataclass(frozen=True, slots=True)
class ExactScores:
    """Per candidate the dimensions' numerators and the overall one; None if a score is missing.

    A dimension's score is numerator / ``denominator``, the overall numerator /
    ``overall_denominator``.
    """

    denominator: int
    overall_denominator: int
    dimensions: tuple[tuple[int, ...] | None, ...]
    overall: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ExactLimits:
    """The options' limits in an item's integer units.

    For an integer d: |d| > band exactly if |d| > floor(band); d < gap exactly if d < ceil(gap).
    """

    overall_band: int
    dimension_band: int
    minimum_margin: int
    minimum_gap: int


def exact_scores(item: ScoredItem, dimensions: Dimensions) -> ExactScores:
    """Return the item's scores and weighted sums over common denominators.

    Raises:
        ValueError: if a candidate has another number of scores than the rubric has dimensions.
    """
    for candidate in item.candidates:
        if len(candidate.scores) != len(dimensions.names):
            raise ValueError(
                f"candidate {candidate.candidate_id} of item {item.item_id} has "
                f"{len(candidate.scores)} scores for {len(dimensions.names)} dimensions"
            )
    score_lcm = lcm(*(s.denominator for c in item.candidates for s in c.scores if s is not None))
    weights, weight_lcm = _whole_weights(dimensions.weights)
    rows = tuple(_numerators(candidate.scores, score_lcm) for candidate in item.candidates)
    overall = tuple(0 if row is None else weighted_sum(row, weights) for row in rows)
    return ExactScores(score_lcm, score_lcm * weight_lcm, rows, overall)


@lru_cache(maxsize=1_024)
def exact_limits(denominator: int, overall_denominator: int, options: PairOptions) -> ExactLimits:
    """Return the options' bands and filters in an item's units; most items share theirs."""
    return ExactLimits(
        floor(options.overall_band * overall_denominator),
        floor(options.dimension_band * denominator),
        ceil(options.minimum_margin * overall_denominator),
        ceil(options.minimum_gap * denominator),
    )


_whole_weights = lru_cache(maxsize=64)(whole_weights)


def _numerators(
    scores: Sequence[Fraction | int | None], denominator: int
) -> tuple[int, ...] | None:
    present = [score for score in scores if score is not None]
    if len(present) < len(scores):
        return None
    return tuple(s.numerator * (denominator // s.denominator) for s in present)
