"""What a pilot showed: agreement per dimension, and the items where people differed most."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from analytics.agreement.report import AgreementSummary, agreement_summary
from analytics.scales import Scale
from analytics.tables import RatingTable
from annotation_app.enums import Purpose, RatingStatus, TaskState
from annotation_app.models import Campaign, CampaignItem, Candidate, Pilot, Score, Task
from annotation_app.selectors.scales import rubric_scales

SHOWN_ITEMS = 12
Said = list[tuple[str, int | None]]  # people and their levels


class PilotScore(NamedTuple):
    """One score of a pilot."""

    campaign_item: int
    candidate: int
    dimension: str
    annotator: str
    level: int | None


@dataclass(frozen=True)
class DisputedItem:
    """An item with every score; `spread`: mean distance of two people's levels by dimension."""

    item: CampaignItem
    spread: dict[str, float]
    candidates: list[tuple[Candidate, dict[str, Said]]]


@dataclass(frozen=True)
class PilotDimension:
    """A dimension's agreement; `spread`: mean distance of two people's levels over all items."""

    name: str
    summary: AgreementSummary
    spread: float


@dataclass(frozen=True)
class PilotReport:
    """A pilot's figures.

    Attributes:
        slots, filled: planned and given ratings.
        dimensions: in rubric order.
        items: the most disputed first.
    """

    slots: int
    filled: int
    dimensions: list[PilotDimension]
    items: list[DisputedItem]


def pilot_report(pilot: Pilot, names: Mapping[str, str]) -> PilotReport:
    """Read a pilot's ratings; `names` are what people call the dimensions, by key."""
    campaign = pilot.campaign
    slots = Task.objects.filter(campaign=campaign, purpose=Purpose.PILOT)
    scores = _scores(campaign)
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
            )
            for key, scale in scales.items()
        ],
        items=_disputed(scores, {key: names[key] for key in scales}),
    )


def mean_distance(scores: list[PilotScore]) -> float:
    """Mean absolute difference of two people's levels of the same candidate; 0 without pairs."""
    levels: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for score in scores:
        if score.level is not None:
            levels[score.campaign_item, score.candidate].append(score.level)
    gaps = [abs(a - b) for given in levels.values() for a, b in combinations(given, 2)]
    return sum(gaps) / len(gaps) if gaps else 0.0


def _scores(campaign: Campaign) -> list[PilotScore]:
    rows = Score.objects.filter(
        revision__current_of__campaign=campaign,
        revision__current_of__status=RatingStatus.ACTIVE,
        revision__current_of__purpose=Purpose.PILOT,
    ).order_by("revision__current_of__campaign_item", "candidate", "dimension__ordinal")
    return [
        PilotScore(*row)
        for row in rows.values_list(
            "revision__current_of__campaign_item_id",
            "candidate_id",
            "dimension__key",
            "revision__current_of__annotator__username",
            "level",
        )
    ]


def _table(scores: list[PilotScore], scale: Scale) -> RatingTable:
    return RatingTable.from_long(
        units=[score.candidate for score in scores],
        items=[score.campaign_item for score in scores],
        raters=[score.annotator for score in scores],
        values=[score.level for score in scores],
        scale=scale,
    )


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
        DisputedItem(found[item], spreads[item], _by_candidate(by_item[item], names))
        for item in worst
    ]


def _by_candidate(
    scores: list[PilotScore], names: Mapping[str, str]
) -> list[tuple[Candidate, dict[str, Said]]]:
    said: defaultdict[int, dict[str, Said]] = defaultdict(dict)
    for score in scores:
        levels = said[score.candidate].setdefault(names[score.dimension], [])
        levels.append((score.annotator, score.level))
    candidates = Candidate.objects.select_related("image").in_bulk(said)
    return [(candidates[pk], said[pk]) for pk in sorted(said)]
