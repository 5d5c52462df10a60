"""What the row formats share: an item with its image paths and scores as plain numbers."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from analytics.pairs.dimensions import Dimensions
from annotation_app.services.exports.images import ImageShelf
from annotation_app.services.exports.items import ExportItem

Number = int | float | None


@dataclass(frozen=True)
class CandidateRow:
    """A candidate: the snapshot's facts, its image's path, scores in rubric order, their sum."""

    facts: dict[str, Any]
    path: str
    scores: tuple[Number, ...]
    overall: Number

    @property
    def image(self) -> dict[str, Any]:
        facts: dict[str, Any] = self.facts["image"]
        return facts


@dataclass(frozen=True)
class ItemRows:
    """An item, worked out once for all formats."""

    item: ExportItem
    source: str
    candidates: dict[str, CandidateRow]

    @property
    def facts(self) -> dict[str, Any]:
        return self.item.facts


def item_rows(item: ExportItem, dimensions: Dimensions, shelf: ImageShelf) -> ItemRows:
    """Place an item's images and turn its exact scores into numbers."""
    candidates = {}
    for facts in item.facts["candidates"]:
        scores, overall = candidate_scores(item, facts, dimensions)
        candidates[facts["candidate_id"]] = CandidateRow(
            facts, shelf.place(facts["image"]), tuple(map(number, scores)), number(overall)
        )
    return ItemRows(item, shelf.place(item.facts["source_image"]), candidates)


def number(score: Fraction | None) -> Number:
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
