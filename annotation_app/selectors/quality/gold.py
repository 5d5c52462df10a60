"""The gold bank as pages read it: the sheet of right scores and reasons, and feedback."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from annotation_app.models import (
    Campaign,
    CampaignItem,
    DrawnCandidate,
    GoldItem,
    Image,
    Rating,
    Score,
)
from annotation_app.selectors.rating.history import letter
from annotation_app.selectors.rubrics.wording import WordedDimension

OFFERED = 30


@dataclass(frozen=True)
class GoldCell:
    """The right level of a candidate on a dimension: field name, levels to choose, chosen one."""

    dimension: str
    label: str
    name: str
    levels: list[int]
    chosen: int | None


@dataclass(frozen=True)
class GoldRow:
    """A candidate with its picture."""

    candidate: int
    letter: str
    image: Image
    cells: list[GoldCell]


@dataclass(frozen=True)
class GoldText:
    """A reason: about a criterion, or ("") the dimension as a whole."""

    dimension: str
    criterion: str
    label: str
    name: str
    text: str


@dataclass(frozen=True)
class GoldSheet:
    """All that is known of an item's right scores."""

    gold: GoldItem | None
    tolerance: int
    rows: list[GoldRow]
    texts: list[GoldText]


@dataclass(frozen=True)
class FeedbackRow:
    """A candidate in feedback: (dimension, own level or "–", right level, within tolerance)."""

    letter: str
    position: int
    cells: list[tuple[str, str, int, bool]]


def gold_sheet(item: CampaignItem, rubric: list[WordedDimension]) -> GoldSheet:
    """What the bank says of an item, or an empty sheet for it."""
    gold = GoldItem.objects.filter(campaign_item=item).first()
    right = _reference(gold)
    drawn = DrawnCandidate.objects.filter(campaign_item=item).select_related("candidate__image")
    rows = [
        GoldRow(
            one.candidate_id,
            letter(place),
            one.candidate.image,
            [_cell(one.candidate_id, dimension, right) for dimension in rubric],
        )
        for place, one in enumerate(drawn.order_by("ordinal"), start=1)
    ]
    return GoldSheet(gold, gold.tolerance if gold else 1, rows, gold_texts(gold, item, rubric))


def gold_texts(
    gold: GoldItem | None, item: CampaignItem, rubric: list[WordedDimension]
) -> list[GoldText]:
    """The reasons, one for each dimension and each of its criteria, in the rubric's order."""
    said: dict[str, dict[str, str]] = gold.explanations if gold else {}
    criteria: dict[str, list[str]] = {
        dimension.key: [criterion.key for criterion in dimension.criteria.all()]
        for dimension in item.campaign.rubric.dimensions.prefetch_related("criteria")
    }
    texts = []
    for dimension in rubric:
        key, own = dimension["key"], said.get(dimension["key"], {})
        words = dimension["name"]
        names = [criterion["name"] for criterion in dimension["criteria"]]
        texts.append(GoldText(key, "", words, f"text-{key}-", own.get("", "")))
        texts += [
            GoldText(
                key, one, f"{dimension['name']}: {name}", f"text-{key}-{one}", own.get(one, "")
            )
            for one, name in zip(criteria.get(key, []), names, strict=True)
        ]
    return texts


def feedback_rows(rating: Rating, gold: GoldItem) -> list[FeedbackRow]:
    """The annotator's levels with the right ones, candidates as they saw them."""
    right, keys = (
        _reference(gold),
        list(gold.campaign.rubric.dimensions.order_by("ordinal").values_list("key", flat=True)),
    )
    given = {
        (candidate, key): level
        for candidate, key, level in Score.objects.filter(
            revision=rating.current_revision_id
        ).values_list("candidate_id", "dimension__key", "level")
    }
    rows = []
    for position, candidate in enumerate(rating.candidate_order, start=1):
        cells = []
        for key in keys:
            own, level = given.get((candidate, key)), right.get((candidate, key))
            if level is not None:
                is_near = own is not None and abs(own - level) <= gold.tolerance
                cells.append((key, "–" if own is None else str(own), level, is_near))
        rows.append(FeedbackRow(letter(position), position, cells))
    return rows


def candidates_for_gold(campaign: Campaign, search: str) -> QuerySet[CampaignItem]:
    """Items outside the bank, found by name or instruction."""
    items = CampaignItem.objects.filter(
        campaign=campaign, gold_item=None, item__withdrawn_at=None
    ).select_related("item__source_image")
    if search:
        items = items.filter(
            Q(item__external_id__icontains=search) | Q(item__instruction__icontains=search)
        )
    return items.order_by("pk")[:OFFERED]


def adjudicated_items(campaign: Campaign) -> QuerySet[CampaignItem]:
    """Items that a reviewer has decided whole and that are not in the bank."""
    dimensions = campaign.rubric.dimensions.count()
    return (
        CampaignItem.objects.filter(campaign=campaign, gold_item=None, item__withdrawn_at=None)
        .annotate(
            decided=Count("adjudications", distinct=True),
            wanted=Count("drawn", distinct=True) * dimensions,
        )
        .filter(decided__gt=0, decided=F("wanted"))
        .select_related("item")
        .order_by("-pk")[:OFFERED]
    )


def _reference(gold: GoldItem | None) -> dict[tuple[int, str], int]:
    if gold is None:
        return {}
    rows = gold.scores.values_list("candidate_id", "dimension__key", "level")
    return {(candidate, key): level for candidate, key, level in rows}


def _cell(
    candidate: int, dimension: WordedDimension, right: dict[tuple[int, str], int]
) -> GoldCell:
    key = dimension["key"]
    return GoldCell(
        dimension=key,
        label=dimension["name"],
        name=f"level-{candidate}-{key}",
        levels=[level["value"] for level in dimension["levels"]],
        chosen=right.get((candidate, key)),
    )
