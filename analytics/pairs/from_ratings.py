"""Scored items from several raters' levels: one item of final scores, or one item per rater."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analytics.pairs.final_scores import FinalScore, FinalScoreRule, final_score
from analytics.pairs.records import ScoredCandidate, ScoredItem

Levels = tuple[int | None, ...]
"""One rater's level per dimension in rubric order; None where the rater could not judge."""


@dataclass(frozen=True, slots=True)
class RatedCandidate:
    """A candidate with every rater's levels and, where decided, the adjudicated ones."""

    candidate_id: str
    generator: str
    pixel_hash: str
    levels: Mapping[str, Levels]
    adjudicated: Levels | None = None


@dataclass(frozen=True, slots=True)
class RatedItem:
    """An item's rated candidates."""

    item_id: str
    candidates: tuple[RatedCandidate, ...]
    source: str = ""
    split: str = ""


def final_item(
    item: RatedItem, dimensions: int, rule: FinalScoreRule = FinalScoreRule.EXACT_MEAN
) -> ScoredItem:
    """Return the item with final scores: adjudicated, else single, else by the rule."""
    candidates = tuple(
        _scored(candidate, [score.value for score in final_scores(candidate, dimensions, rule)])
        for candidate in item.candidates
    )
    return ScoredItem(item.item_id, candidates, item.source, item.split)


def final_scores(
    candidate: RatedCandidate, dimensions: int, rule: FinalScoreRule = FinalScoreRule.EXACT_MEAN
) -> tuple[FinalScore, ...]:
    """Return a candidate's final score and its provenance per dimension.

    Raises:
        ValueError: if a rater gives another number of levels than there are dimensions.
    """
    rated = [_checked(candidate, levels, dimensions) for levels in candidate.levels.values()]
    undecided: Levels = (None,) * dimensions
    adjudicated = _checked(candidate, candidate.adjudicated or undecided, dimensions)
    return tuple(
        final_score([row[number] for row in rated], adjudicated=adjudicated[number], rule=rule)
        for number in range(dimensions)
    )


def rater_items(item: RatedItem, dimensions: int) -> tuple[ScoredItem, ...]:
    """Return one item per rater (sorted by name) with that rater's own levels.

    Candidates that the rater did not see are left out, not incomparable.

    Raises:
        ValueError: if a rater gives another number of levels than there are dimensions.
    """
    raters = sorted({rater for candidate in item.candidates for rater in candidate.levels})
    return tuple(
        ScoredItem(
            item.item_id,
            tuple(
                _scored(candidate, _checked(candidate, candidate.levels[rater], dimensions))
                for candidate in item.candidates
                if rater in candidate.levels
            ),
            item.source,
            item.split,
            rater,
        )
        for rater in raters
    )


def _checked(candidate: RatedCandidate, levels: Levels, dimensions: int) -> Levels:
    if len(levels) != dimensions:
        raise ValueError(f"candidate {candidate.candidate_id} needs {dimensions} levels per rater")
    return levels


def _scored(candidate: RatedCandidate, scores: Sequence[Fraction | int | None]) -> ScoredCandidate:
    return ScoredCandidate(
        candidate.candidate_id, candidate.generator, candidate.pixel_hash, tuple(scores)
    )
