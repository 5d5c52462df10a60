"""What the row formats share: exact scores as numbers, overall sums, candidates by id."""

from fractions import Fraction
from typing import Any

from analytics.pairs.dimensions import Dimensions
from annotation_app.services.exports.items import ExportItem


def number(score: Fraction | None) -> int | float | None:
    """A score as JSON writes it: whole numbers stay whole."""
    if score is None:
        return None
    return score.numerator if score.denominator == 1 else float(score)


def candidate_scores(
    item: ExportItem, candidate: dict[str, Any], dimensions: Dimensions
) -> tuple[list[Fraction | None], Fraction | None]:
    """Scores in rubric order and their weighted sum; None where one is missing."""
    scores = [item.scores.get((candidate["id"], key)) for key in dimensions.names]
    overall = Fraction(0)
    for score, weight in zip(scores, dimensions.weights, strict=True):
        if score is None:
            return scores, None
        overall += score * weight
    return scores, overall


def candidates_by_id(item: ExportItem) -> dict[str, dict[str, Any]]:
    """The item's candidates by their own ids."""
    return {candidate["candidate_id"]: candidate for candidate in item.facts["candidates"]}
