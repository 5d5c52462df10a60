"""An item's counted ratings as one plain value: what a fold adds to the live store.

The stored form is JSON and contains everything a fold read, so that the same can be subtracted
again whatever happened to the item since.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from annotation_app.enums import DATA_PURPOSES
from annotation_app.models import Campaign, LiveItem

# One statement, so that an item's ratings are of one moment.
READ_STATES = """
SELECT item.id, max(i.category), max(i.source_dataset), r.annotator_id, task.design,
       r.guideline_id, ((r.submitted_at AT TIME ZONE %(zone)s)::date)::text,
       array_agg(s.candidate_id), array_agg(c.generator_id), array_agg(s.dimension_id),
       array_agg(s.level)
FROM annotation_app_campaignitem item
JOIN annotation_app_item i ON i.id = item.item_id AND i.withdrawn_at IS NULL
JOIN annotation_app_rating r ON r.campaign_item_id = item.id
    AND r.status = 'active' AND r.purpose = ANY(%(purposes)s)
JOIN annotation_app_task task ON task.id = r.task_id
JOIN annotation_app_score s ON s.revision_id = r.current_revision_id
JOIN annotation_app_candidate c ON c.id = s.candidate_id
WHERE item.campaign_id = %(campaign)s AND item.id = ANY(%(items)s)
GROUP BY item.id, r.id, task.design
ORDER BY item.id, r.id
"""


@dataclass(frozen=True, slots=True)
class StateRating:
    """One counted rating of an item.

    Attributes:
        annotator: user id of the rater.
        design: of its slot.
        guideline: the version it followed.
        day: of its first submit, ISO, in the site's time zone.
        levels: by dimension key: (candidate id, level) of the scored candidates.
    """

    annotator: int
    design: str
    guideline: int
    day: str
    levels: Mapping[str, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class ItemState:
    """All counted ratings of one item, and the strata it belongs to.

    Attributes:
        category: of the item.
        source: dataset it came from.
        generators: generator id by candidate id.
        ratings: in the order they were stored; empty if no rating counts.
    """

    category: str
    source: str
    generators: Mapping[int, int]
    ratings: tuple[StateRating, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the stored form."""
        return {
            "category": self.category,
            "source": self.source,
            "generators": {str(key): value for key, value in self.generators.items()},
            "ratings": [
                {
                    "annotator": rating.annotator,
                    "design": rating.design,
                    "guideline": rating.guideline,
                    "day": rating.day,
                    "levels": {
                        dimension: {str(key): level for key, level in levels.items()}
                        for dimension, levels in rating.levels.items()
                    },
                }
                for rating in self.ratings
            ],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ItemState":
        """Read the stored form."""
        return cls(
            category=stored["category"],
            source=stored["source"],
            generators={int(key): value for key, value in stored["generators"].items()},
            ratings=tuple(
                StateRating(
                    annotator=rating["annotator"],
                    design=rating["design"],
                    guideline=rating["guideline"],
                    day=rating["day"],
                    levels={
                        dimension: {int(key): level for key, level in levels.items()}
                        for dimension, levels in rating["levels"].items()
                    },
                )
                for rating in stored["ratings"]
            ),
        )


def current_states(campaign: Campaign, items: Collection[int]) -> dict[int, ItemState]:
    """Read what counts now, by campaign item id; items without counted ratings are absent."""
    names = dict(campaign.rubric.dimensions.values_list("pk", "key"))
    values = {
        "campaign": campaign.pk,
        "items": list(items),
        "zone": settings.TIME_ZONE,
        "purposes": [purpose.value for purpose in DATA_PURPOSES],
    }
    with connection.cursor() as cursor:
        cursor.execute(READ_STATES, values)
        rows = cursor.fetchall()
    return dict(_states(rows, names))


def folded_states(campaign: Campaign, items: Collection[int]) -> dict[int, ItemState]:
    """Read the store's item states by campaign item id; unknown items are absent."""
    rows = LiveItem.objects.filter(campaign=campaign, campaign_item__in=items)
    return {
        item: ItemState.from_json(state)
        for item, state in rows.values_list("campaign_item_id", "state")
    }


def _states(
    rows: Iterable[tuple[Any, ...]], names: Mapping[int, str]
) -> Iterator[tuple[int, ItemState]]:
    item, facts = 0, ("", "")
    generators: dict[int, int] = {}
    ratings: list[StateRating] = []
    for pk, category, source, annotator, design, guideline, day, *scores in rows:
        if pk != item and ratings:
            yield item, ItemState(*facts, generators, tuple(ratings))
        if pk != item:
            item, facts, generators, ratings = pk, (category, source), {}, []
        candidates, makers, dimensions, levels = scores
        generators.update(zip(candidates, makers, strict=True))
        found: dict[str, dict[int, int]] = {}
        for candidate, dimension, level in zip(candidates, dimensions, levels, strict=True):
            if level is not None:
                found.setdefault(names[dimension], {})[candidate] = level
        ratings.append(StateRating(annotator, design, guideline, day, found))
    if ratings:
        yield item, ItemState(*facts, generators, tuple(ratings))
