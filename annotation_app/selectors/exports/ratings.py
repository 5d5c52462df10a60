"""The ratings that a snapshot counts, with what was on the screen when they were given."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from annotation_app.models import Score, Snapshot


class GivenScore(NamedTuple):
    """A level, or why there is none."""

    level: int | None
    missing_reason: str


@dataclass(frozen=True, slots=True)
class RaterRating:
    """One counted rating of an item.

    Attributes:
        annotator: the pseudonym; exports know no other name.
        purpose: the kind of task.
        design: how its slot was drawn.
        probability: with which the slot was drawn.
        guideline: number of the guideline version that the rater saw.
        seconds: of active time on the whole item.
        aids: inspection aids used, by place on the screen.
        order: candidate ids in the order on the screen.
        given_at: of the counted revision.
        scores: by candidate id and dimension key.
    """

    annotator: str
    purpose: str
    design: str
    probability: float
    guideline: int
    seconds: float
    aids: Mapping[str, Any]
    order: Sequence[int]
    given_at: datetime
    scores: dict[tuple[int, str], GivenScore]


RATING_COLUMNS = {
    "annotator": "revision__rating__annotator__pseudonym",
    "purpose": "revision__rating__purpose",
    "design": "revision__rating__task__design",
    "probability": "revision__rating__task__inclusion_probability",
    "guideline": "revision__rating__guideline__number",
    "seconds": "revision__seconds",
    "aids": "revision__aids",
    "order": "revision__rating__candidate_order",
    "given_at": "revision__created_at",
}


def item_ratings(
    snapshot: Snapshot, items: list[int], keys: Mapping[int, str]
) -> dict[int, list[RaterRating]]:
    """The counted ratings of some campaign items, by their id, each in order of pseudonyms.

    Args:
        snapshot: the snapshot to read.
        items: ids of campaign items.
        keys: dimension keys by id.
    """
    rows = snapshot.ratings.filter(revision__rating__campaign_item__in=items).values_list(
        "revision_id", "revision__rating__campaign_item_id", *RATING_COLUMNS.values()
    )
    ratings: dict[int, list[RaterRating]] = defaultdict(list)
    by_revision: dict[int, RaterRating] = {}
    for revision, item, *facts in sorted(rows, key=lambda row: (row[2], row[0])):
        rating = RaterRating(**dict(zip(RATING_COLUMNS, facts, strict=True)), scores={})
        by_revision[revision] = rating
        ratings[item].append(rating)
    scores = Score.objects.filter(revision__in=list(by_revision)).order_by(
        "revision_id", "candidate_id", "dimension__ordinal"
    )
    for revision, candidate, dimension, level, reason in scores.values_list(
        "revision_id", "candidate_id", "dimension_id", "level", "missing_reason"
    ):
        by_revision[revision].scores[candidate, keys[dimension]] = GivenScore(level, reason)
    return ratings
