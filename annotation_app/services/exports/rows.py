"""What the row formats share: an item with its image paths and scores as plain numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from analytics.overall import overall_score
from analytics.pairs.build import ItemPairs
from analytics.pairs.dimensions import Dimensions
from annotation_app.selectors.exports.items import ExportItem
from annotation_app.services.exports.images import ImageExporter
from annotation_app.services.exports.pairing import PairChoice, Scores, scored_pairs

Number = int | float | None


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class ScoredPairRows:
    """Pairs with the candidates that they speak of, under the scores that made them."""

    candidates: dict[str, CandidateRow]
    pairs: ItemPairs


@dataclass(frozen=True, slots=True)
class ItemRows:
    """An item, worked out once for all formats.

    Attributes:
        item: as the snapshot has it.
        source: path of the source image.
        candidates: by name, with final scores.
        views: what the pairs are built from: the item's scores, or each rater's.
    """

    item: ExportItem
    source: str
    candidates: dict[str, CandidateRow]
    views: tuple[ScoredPairRows, ...]

    @property
    def facts(self) -> dict[str, Any]:
        return self.item.facts


def item_rows(
    item: ExportItem, dimensions: Dimensions, choice: PairChoice, shelf: ImageExporter
) -> ItemRows:
    """Place an item's images, build its pairs and turn its exact scores into numbers."""
    paths = {facts["id"]: shelf.place(facts["image"]) for facts in item.facts["candidates"]}
    final = _candidates(item, dimensions, item.scores, paths)
    views = tuple(
        ScoredPairRows(
            final
            if view.scores is item.scores
            else _candidates(item, dimensions, view.scores, paths),
            view.pairs,
        )
        for view in scored_pairs(item, dimensions, choice)
    )
    return ItemRows(item, shelf.place(item.facts["source_image"]), final, views)


def number(score: Fraction | None) -> Number:
    """A score as JSON writes it: whole numbers stay whole."""
    if score is None:
        return None
    return score.numerator if score.denominator == 1 else score.numerator / score.denominator


def _candidates(
    item: ExportItem, dimensions: Dimensions, scores: Scores, paths: Mapping[int, str]
) -> dict[str, CandidateRow]:
    rows = {}
    for facts in item.facts["candidates"]:
        given = tuple(scores.get((facts["id"], key)) for key in dimensions.names)
        rows[facts["candidate_id"]] = CandidateRow(
            facts,
            paths[facts["id"]],
            tuple(map(number, given)),
            number(overall_score(given, dimensions.weights)),
        )
    return rows
