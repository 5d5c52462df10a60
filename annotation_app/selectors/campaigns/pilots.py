"""What a pilot showed: agreement per dimension, and the items where people differed most."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from analytics.agreement.report import AgreementSummary, agreement_summary
from analytics.scales import Scale
from analytics.tables import RatingTable
from annotation_app.enums import Purpose, TaskState
from annotation_app.models import CampaignItem, Candidate, Pilot, Task, ThreadMessage
from annotation_app.selectors.campaigns.pilot_scores import (
    Gaps,
    PilotScore,
    gaps,
    mean_distance,
    pilot_scores,
)
from annotation_app.selectors.rubrics.criteria import NamedCriterion, named_criteria
from annotation_app.selectors.rubrics.scales import rubric_scales

SHOWN_ITEMS = 12
Said = list[tuple[str, int | None]]  # people and their levels


@dataclass(frozen=True)
class DisputedItem:
    """An item with every score; `spread`: mean distance of two people's levels by dimension.

    Dimensions are pairs with their names: a template that looked into a mapping could confuse it
    with a dimension called "items".
    """

    item: CampaignItem
    spread: list[tuple[str, float]]
    candidates: list[tuple[Candidate, list[tuple[str, Said]]]]


@dataclass(frozen=True)
class PilotDimension:
    """A dimension's agreement; `spread`: mean distance of two people's levels over all items."""

    name: str
    summary: AgreementSummary
    spread: float
    gaps: Gaps


@dataclass(frozen=True)
class DisputedCriterion:
    """A criterion that people named when they discussed the pilot's items."""

    criterion: NamedCriterion
    people: int
    items: int


@dataclass(frozen=True)
class PilotReport:
    """A pilot's figures.

    Attributes:
        slots, filled: planned and given ratings.
        dimensions: in rubric order.
        criteria: those that were discussed, by how many people named them.
        items: the most disputed first.
    """

    slots: int
    filled: int
    dimensions: list[PilotDimension]
    criteria: list[DisputedCriterion]
    items: list[DisputedItem]


def pilot_report(
    pilot: Pilot,
    names: Mapping[str, str],
    language: str = "en",
    hidden: QuerySet[Any] | None = None,
) -> PilotReport:
    """Read a pilot's ratings.

    Args:
        pilot: the pilot to read.
        names: display names of the dimensions, by key.
        language: of the criteria.
        hidden: ids of items that the reader must not learn of; these are not listed.
    """
    campaign = pilot.campaign
    slots = Task.objects.filter(campaign=campaign, purpose=Purpose.PILOT)
    scores = pilot_scores(campaign)
    scales = rubric_scales(campaign.rubric)
    by_dimension: defaultdict[str, list[PilotScore]] = defaultdict(list)
    for score in scores:
        by_dimension[score.dimension].append(score)
    return PilotReport(
        slots=slots.count(),
        filled=slots.filter(state=TaskState.FILLED).count(),
        dimensions=[
            PilotDimension(
                name=names[key],
                summary=agreement_summary(_table(by_dimension[key], scale)),
                spread=mean_distance(by_dimension[key]),
                gaps=gaps(by_dimension[key]),
            )
            for key, scale in scales.items()
        ],
        criteria=disputed_criteria(pilot, language),
        items=_disputed(_shown(scores, hidden), {key: names[key] for key in scales}),
    )


def disputed_criteria(pilot: Pilot, language: str) -> list[DisputedCriterion]:
    """The criteria named in the discussion of the pilot's items, the most people first."""
    named = (
        ThreadMessage.objects.filter(
            thread__campaign_item__in=pilot.items.all(), criterion__isnull=False
        )
        .order_by()
        .values("criterion")
        .annotate(
            people=Count("author", distinct=True),
            items=Count("thread__campaign_item", distinct=True),
        )
    )
    counts = {row["criterion"]: (row["people"], row["items"]) for row in named}
    found = [
        DisputedCriterion(one, *counts[one.criterion.pk])
        for one in named_criteria(pilot.campaign, language)
        if one.criterion.pk in counts
    ]
    return sorted(found, key=lambda row: (-row.people, -row.items))


def _table(scores: list[PilotScore], scale: Scale) -> RatingTable:
    return RatingTable.from_long(
        units=[score.candidate for score in scores],
        items=[score.campaign_item for score in scores],
        raters=[score.annotator for score in scores],
        values=[score.level for score in scores],
        scale=scale,
    )


def _shown(scores: list[PilotScore], hidden: QuerySet[Any] | None) -> list[PilotScore]:
    if hidden is None:
        return scores
    kept = CampaignItem.objects.filter(pk__in={one.campaign_item for one in scores})
    shown = set(kept.exclude(item__in=hidden).values_list("pk", flat=True))
    return [one for one in scores if one.campaign_item in shown]


def _disputed(scores: list[PilotScore], names: Mapping[str, str]) -> list[DisputedItem]:
    by_item: defaultdict[int, list[PilotScore]] = defaultdict(list)
    for score in scores:
        by_item[score.campaign_item].append(score)
    spreads = {
        item: {
            name: mean_distance([one for one in given if one.dimension == key])
            for key, name in names.items()
        }
        for item, given in by_item.items()
    }
    worst = sorted(spreads, key=lambda item: (-max(spreads[item].values()), item))[:SHOWN_ITEMS]
    found = CampaignItem.objects.select_related("item__source_image").in_bulk(worst)
    return [
        DisputedItem(found[item], list(spreads[item].items()), _by_candidate(by_item[item], names))
        for item in worst
    ]


def _by_candidate(
    scores: list[PilotScore], names: Mapping[str, str]
) -> list[tuple[Candidate, list[tuple[str, Said]]]]:
    said: defaultdict[int, dict[str, Said]] = defaultdict(dict)
    for score in scores:
        levels = said[score.candidate].setdefault(names[score.dimension], [])
        levels.append((score.annotator, score.level))
    candidates = Candidate.objects.select_related("image").in_bulk(said)
    return [(candidates[pk], list(said[pk].items())) for pk in sorted(said)]
