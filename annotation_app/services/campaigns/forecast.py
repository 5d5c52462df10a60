"""What a plan will give: tasks, hours of work, and how sharp the agreement will be."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.db.models import Avg, Count

from analytics.limits import FEWEST_ITEMS
from analytics.planning.assumed import Assumptions, assumed_components
from analytics.planning.components import PlanningComponents
from annotation_app.enums import DATA_PURPOSES, Purpose, RatingStatus
from annotation_app.models import Campaign, CampaignItem, Item, OverlapPlan, RatingRevision, Task
from annotation_app.services.queue.drawing import ItemRow, draw_items

ASSUMED_ALPHA = 0.6
ASSUMED_SECONDS = 13.0  # for one candidate
FEWEST_MEASURED = 30  # ratings before the campaign's own pace is used
MOST_RATERS = 10  # the simulation behind the forecast stays small


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a plan gives.

    Attributes:
        items: items that have candidates.
        tasks: slots in all under the plan.
        tasks_added: those that do not exist yet.
        overlap_items: items with two or more ratings.
        hours: of work for all slots.
        seconds: for one item; `measured`: from this campaign's ratings.
        half_width: expected half-width of α's 95 % interval; None under five such items.
        alpha: the α that it assumes.
    """

    items: int
    tasks: int
    tasks_added: int
    overlap_items: int
    hours: float
    seconds: float
    measured: bool
    half_width: float | None
    alpha: float = ASSUMED_ALPHA


def forecast_plan(campaign: Campaign, plan: OverlapPlan) -> Forecast:
    """Draw the plan as planning would, without writing, and say what it gives.

    Args:
        campaign: saved or not; its collection, seed and shares matter.
        plan: saved or not.
    """
    rows = _rows(campaign)
    kept, slots = _existing(campaign)
    wanted: Counter[int] = Counter()
    for draw in draw_items(campaign, plan, rows):
        sampled = draw.in_overlap_sample or draw.row.pk in kept
        wanted[draw.row.pk] = plan.overlap_ratings if sampled else plan.base_ratings
    tasks = sum(max(count, slots[pk]) for pk, count in wanted.items())
    overlap = [max(count, slots[pk]) for pk, count in wanted.items() if max(count, slots[pk]) > 1]
    seconds, measured = _pace(campaign)
    return Forecast(
        items=len(rows),
        tasks=tasks,
        tasks_added=sum(max(count - slots[pk], 0) for pk, count in wanted.items()),
        overlap_items=len(overlap),
        hours=tasks * seconds / 3600,
        seconds=seconds,
        measured=measured,
        half_width=_half_width(campaign, overlap),
    )


def _rows(campaign: Campaign) -> list[ItemRow]:
    found = Item.objects.filter(
        collection=campaign.collection_id, withdrawn_at=None, candidates__isnull=False
    ).distinct()
    return [ItemRow(*row) for row in found.values_list("pk", "external_id", "category")]


def _existing(campaign: Campaign) -> tuple[set[int], Counter[int]]:
    """Items in the overlap sample already, and how many production slots each item has."""
    kept = CampaignItem.objects.filter(campaign_id=campaign.pk, in_overlap_sample=True)
    slots = Task.objects.filter(campaign_id=campaign.pk, purpose=Purpose.PRODUCTION)
    counted = slots.values_list("campaign_item__item").annotate(slots=Count("pk"))
    return set(kept.values_list("item_id", flat=True)), Counter(dict(counted))


def _pace(campaign: Campaign) -> tuple[float, bool]:
    if campaign.slug:  # a saved one
        measured = RatingRevision.objects.filter(
            number=1,
            rating__campaign=campaign,
            rating__purpose__in=DATA_PURPOSES,
            rating__status=RatingStatus.ACTIVE,
        ).aggregate(mean=Avg("seconds"), count=Count("pk"))
        if measured["count"] >= FEWEST_MEASURED:
            return float(measured["mean"]), True
    return ASSUMED_SECONDS * campaign.candidates_per_item, False


def _half_width(campaign: Campaign, overlap: list[int]) -> float | None:
    if len(overlap) < FEWEST_ITEMS:
        return None
    raters = min(max(round(sum(overlap) / len(overlap)), 2), MOST_RATERS)
    levels = [dimension.levels.count() for dimension in campaign.rubric.dimensions.all()]
    components = _components(min(levels), campaign.candidates_per_item, raters)
    return components.half_width(len(overlap), None)


@lru_cache(maxsize=64)
def _components(levels: int, candidates: int, raters: int) -> PlanningComponents:
    assumptions = Assumptions(
        alpha=ASSUMED_ALPHA, n_levels=levels, candidates=candidates, raters_per_item=raters
    )
    return assumed_components(assumptions, np.random.default_rng(0))
