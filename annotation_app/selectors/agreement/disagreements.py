"""Items by how far apart their raters are: filtered, sorted, and read page by page by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from annotation_app.enums import DATA_PURPOSES, Facet, RatingStatus
from annotation_app.models import Campaign, Generator, GuidelineVersion, ItemSpread, Rating, User
from annotation_app.selectors.agreement.item_spreads import ANY_DIMENSION

# Rows with what a search adds to them: `shown` and `key`.
Found: TypeAlias = QuerySet[Any]
PAGE = 30
LONGEST_NUMBER = 10  # digits, from which an id of a guideline would be too long


class SpreadOrder(StrEnum):
    """What puts an item first."""

    WIDTH = "range"
    ENTROPY = "entropy"


@dataclass(frozen=True)
class Search:
    """The search criteria.

    Attributes:
        dimension: its key; empty for the widest over all dimensions.
        by: kind of stratum; empty for all items.
        value: the stratum's key, as the live store names it.
        rater: user id of someone who rated the item.
        least: smallest width that is shown.
        order: widest first, or least certain first.
        hidden: ids of items that the reader may not learn of.
    """

    dimension: str = ANY_DIMENSION
    by: str = ""
    value: str = ""
    rater: int | None = None
    least: int = 1
    order: SpreadOrder = SpreadOrder.WIDTH
    hidden: QuerySet[Any] | None = None


class PageCursor(NamedTuple):
    """The position of an item in an order: its sort value, then its campaign item id."""

    value: float
    item: int


@dataclass(frozen=True)
class SpreadPage:
    """One page of items, and whether there are more on either side."""

    rows: Sequence[ItemSpread]
    has_earlier: bool
    has_later: bool


def find_spreads(campaign: Campaign, search: Search) -> Found:
    """The items sought, the furthest apart first; each with `shown` and `key`.

    `shown` is the width in the stratum sought, `key` the value that it is ordered by.
    """
    spreads: Found = ItemSpread.objects.filter(
        campaign=campaign,
        dimension=search.dimension,
        campaign_item__item__withdrawn_at__isnull=True,
    )
    if search.hidden is not None:
        spreads = spreads.exclude(campaign_item__item__in=search.hidden)
    if search.rater is not None:
        spreads = spreads.filter(raters__contains=[search.rater])
    spreads = _in_stratum(spreads, search).filter(shown__gte=search.least)
    if search.order is SpreadOrder.ENTROPY:
        spreads = spreads.filter(entropy__isnull=False).annotate(key=F("entropy"))
    else:
        spreads = spreads.annotate(key=F("shown"))
    rows = spreads.select_related("campaign_item__item__source_image")
    return rows.order_by("-key", "-campaign_item_id")


def read_page(
    campaign: Campaign,
    search: Search,
    *,
    after: PageCursor | None = None,
    before: PageCursor | None = None,
    size: int = PAGE,
) -> SpreadPage:
    """Read one page: the first, the one after a place, or the one before it."""
    found = find_spreads(campaign, search)
    if before is not None:
        rows = list(_earlier(found, before)[: size + 1])
        has_earlier = len(rows) > size
        return SpreadPage(rows[:size][::-1], has_earlier, has_later=True)
    rows = list((found if after is None else _later(found, after))[: size + 1])
    return SpreadPage(rows[:size], after is not None, has_later=len(rows) > size)


def neighbours(
    campaign: Campaign, search: Search, item: int
) -> tuple[ItemSpread | None, ItemSpread | None]:
    """The items before and after one in the order sought; both None if it is not among them."""
    found = find_spreads(campaign, search)
    own = found.filter(campaign_item=item).first()
    if own is None:
        return None, None
    place = cursor_of(own)
    return _earlier(found, place).first(), _later(found, place).first()


def count_spreads(campaign: Campaign, search: Search, *, most: int) -> int:
    """How many items are found; counts no further than `most`."""
    return find_spreads(campaign, search).order_by()[:most].count()


def cursor_of(spread: ItemSpread) -> PageCursor:
    """The position of a listed item."""
    return PageCursor(float(vars(spread)["key"]), spread.campaign_item_id)


def strata_of(campaign: Campaign) -> dict[Facet, list[tuple[str, str]]]:
    """What items can be sliced by: key and label of every stratum, by kind."""
    items = campaign.campaign_items.filter(item__withdrawn_at__isnull=True)
    found = {
        kind: [
            (name, name or "–")
            for name in items.order_by(f"item__{field}")
            .values_list(f"item__{field}", flat=True)
            .distinct()
        ]
        for kind, field in ((Facet.SOURCE, "source_dataset"), (Facet.CATEGORY, "category"))
    }
    makers = Generator.objects.filter(candidates__item__collection=campaign.collection_id)
    found[Facet.GENERATOR] = [
        (str(pk), name) for pk, name in makers.order_by("name").values_list("pk", "name").distinct()
    ]
    versions = GuidelineVersion.objects.filter(tasks__campaign=campaign).distinct()
    found[Facet.GUIDELINE] = [
        (str(pk), f"v{number}")
        for pk, number in versions.order_by("number").values_list("pk", "number")
    ]
    return {kind: rows for kind, rows in found.items() if len(rows) > 1}


def people_who_rated(campaign: Campaign) -> QuerySet[User]:
    """Everyone with a rating in a campaign, by name."""
    ratings = Rating.objects.filter(campaign=campaign, purpose__in=DATA_PURPOSES)
    return User.objects.filter(pk__in=ratings.values("annotator")).order_by("username")


def _in_stratum(spreads: Found, search: Search) -> Found:
    """The spreads of a stratum, each with the width `shown` there."""
    if search.by == Facet.GENERATOR:
        # not a key transform: that takes a number for a place in a list
        text = Func(F("by_generator"), Value(search.value), function="jsonb_extract_path_text")
        width = Cast(text, IntegerField())
        made: Found = spreads.filter(by_generator__has_key=search.value).annotate(shown=width)
        return made
    value = search.value
    # a word that is not an id does not match any version
    version = int(value) if value.isdecimal() and len(value) < LONGEST_NUMBER else 0
    within = {
        Facet.SOURCE.value: Q(campaign_item__item__source_dataset=value),
        Facet.CATEGORY.value: Q(campaign_item__item__category=value),
        Facet.GUIDELINE.value: Q(guidelines__contains=[version]),
    }
    if search.by == Facet.DAY:
        spreads = spreads.filter(_rated_on(value))
    found: Found = spreads.filter(within.get(search.by, Q())).annotate(shown=F("width"))
    return found


def _rated_on(day: str) -> Exists:
    ratings = Rating.objects.filter(
        campaign_item=OuterRef("campaign_item"),
        status=RatingStatus.ACTIVE,
        purpose__in=DATA_PURPOSES,
        submitted_at__date=day,
    )
    return Exists(ratings)


def _later(found: Found, place: PageCursor) -> Found:
    same = Q(key=place.value, campaign_item__lt=place.item)
    return found.filter(Q(key__lt=place.value) | same)


def _earlier(found: Found, place: PageCursor) -> Found:
    same = Q(key=place.value, campaign_item__gt=place.item)
    return found.filter(Q(key__gt=place.value) | same).order_by("key", "campaign_item_id")
