"""A snapshot's items with their exact scores and ratings, streamed in the snapshot's order."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

from analytics.pairs.dimensions import Dimensions
from annotation_app.models import Dimension, FinalScore, Rubric, Snapshot, SnapshotItem
from annotation_app.selectors.exports.ratings import RaterRating, item_ratings

ITEMS_AT_ONCE = 500
THOUSAND = 1000

Where = tuple[int, str]
"""A candidate's database id and a dimension's key."""


@dataclass(frozen=True)
class ExportItem:
    """An item as exports see it: the snapshot's facts, its scores and the raters' ratings.

    Attributes:
        campaign_item: its id, by which items are streamed.
        facts: what the snapshot keeps of it.
        split: recorded at first release.
        scores: final scores.
        provenance: why each final score is what it is.
        facets: facet scores, where the snapshot has them.
        ratings: by pseudonym.
    """

    campaign_item: int
    facts: dict[str, Any]
    split: str
    scores: dict[Where, Fraction]
    provenance: dict[Where, str]
    facets: dict[Where, Fraction]
    ratings: list[RaterRating]

    @cached_property
    def raters(self) -> dict[Where, list[tuple[str, int]]]:
        """Each score's (pseudonym, level), in the order of pseudonyms; missing ones left out."""
        given: dict[Where, list[tuple[str, int]]] = defaultdict(list)
        for rating in self.ratings:
            for where, score in rating.scores.items():
                if score.level is not None:
                    given[where].append((rating.annotator, score.level))
        return given


def rubric_dimensions(rubric: Rubric) -> Dimensions:
    """A rubric's dimensions with their exact weights."""
    rows = list(rubric.dimensions.all())
    return Dimensions(
        tuple(row.key for row in rows),
        tuple(Fraction(row.weight_numerator, row.weight_denominator) for row in rows),
    )


def export_items(
    snapshot: Snapshot, after: int = 0, *, with_ratings: bool = True
) -> Iterator[ExportItem]:
    """Every item of a snapshot by ascending id, in bounded memory.

    Args:
        snapshot: the snapshot to read.
        after: campaign items up to this id are left out.
        with_ratings: whether the raters' ratings are read too.
    """
    keys = dict(Dimension.objects.filter(rubric=snapshot.rubric_id).values_list("pk", "key"))
    while True:
        rows = list(
            SnapshotItem.objects.filter(snapshot=snapshot, campaign_item__gt=after).order_by(
                "campaign_item"
            )[:ITEMS_AT_ONCE]
        )
        if not rows:
            return
        ids = [row.campaign_item_id for row in rows]
        finals = _final_scores(snapshot, ids, keys)
        ratings = item_ratings(snapshot, ids, keys) if with_ratings else {}
        for row in rows:
            item = row.campaign_item_id
            yield ExportItem(item, row.facts, row.split, *finals[item], ratings.get(item, []))
        after = ids[-1]


Finals = tuple[dict[Where, Fraction], dict[Where, str], dict[Where, Fraction]]


def _final_scores(snapshot: Snapshot, items: list[int], keys: dict[int, str]) -> dict[int, Finals]:
    finals: dict[int, Finals] = defaultdict(lambda: ({}, {}, {}))
    rows = FinalScore.objects.filter(snapshot=snapshot, campaign_item__in=items).values_list(
        "campaign_item_id",
        "candidate_id",
        "dimension_id",
        "numerator",
        "denominator",
        "provenance",
        "facet_thousandths",
    )
    for item, candidate, dimension, numerator, denominator, provenance, facet in rows:
        scores, reasons, facets = finals[item]
        where = candidate, keys[dimension]
        scores[where] = _ratio(numerator, denominator)
        reasons[where] = provenance
        if facet is not None:
            facets[where] = _ratio(facet, THOUSAND)
    return finals


@lru_cache(maxsize=8192)
def _ratio(numerator: int, denominator: int) -> Fraction:
    """Few scores occur in many rows, and making a Fraction is slow."""
    return Fraction(numerator, denominator)
