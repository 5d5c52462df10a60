"""A snapshot's items with their exact scores, streamed in the snapshot's order."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from analytics.pairs.dimensions import Dimensions
from analytics.pairs.records import ScoredCandidate, ScoredItem
from annotation_app.models import FinalScore, Rubric, Score, Snapshot, SnapshotItem

ITEMS_AT_ONCE = 500


@dataclass(frozen=True)
class ExportItem:
    """An item as exports see it: the snapshot's facts, final scores and the raters' levels.

    Keys are (candidate id, dimension key). Raters appear by pseudonym, in its order.
    """

    facts: dict[str, Any]
    split: str
    scores: dict[tuple[int, str], Fraction]
    provenance: dict[tuple[int, str], str]
    raters: dict[tuple[int, str], list[tuple[str, int]]]

    def scored(self, dimensions: Dimensions) -> ScoredItem:
        """The item in the words of pair building."""
        candidates = tuple(
            ScoredCandidate(
                candidate_id=candidate["candidate_id"],
                generator=candidate["generator"],
                pixel_hash=candidate["image"]["sha256"],
                scores=tuple(self.scores.get((candidate["id"], key)) for key in dimensions.names),
            )
            for candidate in self.facts["candidates"]
        )
        return ScoredItem(
            item_id=self.facts["item_id"],
            candidates=candidates,
            source=self.facts["source_dataset"],
            split=self.split,
        )


def rubric_dimensions(rubric: Rubric) -> Dimensions:
    """A rubric's dimensions with their exact weights."""
    rows = list(rubric.dimensions.all())
    return Dimensions(
        tuple(row.key for row in rows),
        tuple(Fraction(row.weight_numerator, row.weight_denominator) for row in rows),
    )


def export_items(snapshot: Snapshot) -> Iterator[ExportItem]:
    """Every item of a snapshot by ascending id, in bounded memory."""
    after = 0
    while True:
        rows = list(
            SnapshotItem.objects.filter(snapshot=snapshot, campaign_item__gt=after).order_by(
                "campaign_item"
            )[:ITEMS_AT_ONCE]
        )
        if not rows:
            return
        ids = [row.campaign_item_id for row in rows]
        scores, provenance = _final_scores(snapshot, ids)
        raters = _raters(snapshot, ids)
        for row in rows:
            item = row.campaign_item_id
            yield ExportItem(row.facts, row.split, scores[item], provenance[item], raters[item])
        after = ids[-1]


Scores = dict[int, dict[tuple[int, str], Fraction]]
Provenances = dict[int, dict[tuple[int, str], str]]


def _final_scores(snapshot: Snapshot, items: list[int]) -> tuple[Scores, Provenances]:
    scores: Scores = defaultdict(dict)
    provenances: Provenances = defaultdict(dict)
    rows = FinalScore.objects.filter(snapshot=snapshot, campaign_item__in=items).values_list(
        "campaign_item_id",
        "candidate_id",
        "dimension__key",
        "numerator",
        "denominator",
        "provenance",
    )
    for item, candidate, key, numerator, denominator, provenance in rows.iterator(chunk_size=5000):
        scores[item][candidate, key] = Fraction(numerator, denominator)
        provenances[item][candidate, key] = provenance
    return scores, provenances


def _raters(
    snapshot: Snapshot, items: list[int]
) -> dict[int, dict[tuple[int, str], list[tuple[str, int]]]]:
    raters: dict[int, dict[tuple[int, str], list[tuple[str, int]]]]
    raters = defaultdict(lambda: defaultdict(list))
    rows = (
        Score.objects.filter(
            revision__in=snapshot.ratings.filter(revision__rating__campaign_item__in=items).values(
                "revision"
            ),
        )
        .order_by("candidate_id", "dimension_id", "revision__rating__annotator__pseudonym")
        .values_list(
            "revision__rating__campaign_item_id",
            "candidate_id",
            "dimension__key",
            "revision__rating__annotator__pseudonym",
            "level",
        )
    )
    for item, candidate, key, name, level in rows.iterator(chunk_size=5000):
        if level is not None:
            raters[item][candidate, key].append((name, level))
    return raters
