"""What an address of the explorer asks for; odd values are left out, never an error."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet

from annotation_app.enums import Facet
from annotation_app.models import Campaign, User
from annotation_app.selectors.agreement.disagreements import PageCursor, Search, SpreadOrder
from annotation_app.services.numbers import LARGEST_ID, read_whole

LONGEST = 200
MOST_LEVELS = 1000
LARGEST_WIDTH = 2**31 - 1


@dataclass(frozen=True)
class Query:
    """A search with the words that it was asked in.

    Attributes:
        search: for the selectors.
        rater: the annotator named, if they are known here.
        after: the page begins after this place.
        before: the page ends before this place.
    """

    search: Search
    rater: User | None
    after: PageCursor | None
    before: PageCursor | None

    @property
    def words(self) -> dict[str, str]:
        """The search as address parameters, without positions on a page."""
        search = self.search
        said = {
            "dimension": search.dimension,
            "by": search.by,
            "value": search.value if search.by else "",
            "rater": str(self.rater.public_id) if self.rater else "",
            "least": str(search.least) if search.least != Search.least else "",
            "order": search.order.value if search.order is not Search.order else "",
        }
        # an empty value names the items without a category or source
        named = {key: value for key, value in said.items() if value}
        return named | ({"value": said["value"]} if said["by"] else {})

    @property
    def stratum(self) -> str:
        """Kind and value in one word, as the form's single choice names them."""
        return f"{self.search.by}:{self.search.value}" if self.search.by else ""

    def encoded(self, **more: str) -> str:
        """The address's query, with a place where one is given."""
        return urlencode(self.words | more)


def read_query(asked: Mapping[str, str], campaign: Campaign, hidden: QuerySet[Any]) -> Query:
    """Read an address; `hidden` are the ids of items that the reader may not learn of."""
    words = {key: asked.get(key, "")[:LONGEST].replace("\x00", "") for key in asked}
    by, value = _stratum(words)
    rater = _rater(words.get("rater", ""), campaign)
    order = words.get("order", "")
    search = Search(
        dimension=_dimension(words.get("dimension", ""), campaign),
        by=by,
        value=value,
        rater=rater.pk if rater else None,
        least=_least(words.get("least", "")),
        order=SpreadOrder(order) if order in set(SpreadOrder) else SpreadOrder.WIDTH,
        hidden=hidden,
    )
    places = [_place(words.get(name, ""), search.order) for name in ("after", "before")]
    return Query(search, rater, *places)


def write_place(place: PageCursor) -> str:
    """A place as an address says it."""
    return f"{place.value!r}_{place.item}"


def _dimension(key: str, campaign: Campaign) -> str:
    return key if campaign.rubric.dimensions.filter(key=key).exists() else ""


def _stratum(words: Mapping[str, str]) -> tuple[str, str]:
    """Kind and value: from the form's one choice, or from the two words of a link."""
    by, value = words.get("by", ""), words.get("value", "")
    if "stratum" in words:
        by, _, value = words["stratum"].partition(":")
    if by not in set(Facet.values) - {Facet.POOLED.value}:
        return "", ""
    if by in {Facet.GENERATOR, Facet.GUIDELINE}:
        number = _number(value)
        return ("", "") if number is None else (by, str(number))
    if by == Facet.DAY:
        try:
            value = date.fromisoformat(value).isoformat()
        except ValueError:
            return "", ""
    return by, value


def _rater(name: str, campaign: Campaign) -> User | None:
    """An annotator of this campaign by their public id."""
    try:
        public_id = UUID(name)
    except ValueError:
        return None
    people = User.objects.filter(public_id=public_id, ratings__campaign=campaign)
    return people.distinct().first()


def _least(text: str) -> int:
    found = _number(text)
    return Search.least if found is None else min(found, MOST_LEVELS)


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdecimal()):
        return None
    number = read_whole(text)
    return LARGEST_ID if number is None else number


def _place(text: str, order: SpreadOrder) -> PageCursor | None:
    value, _, item = text.partition("_")
    try:
        number = float(value)
    except ValueError:
        return None
    place = _number(item)
    if place is None or not math.isfinite(number) or abs(number) > LARGEST_WIDTH:
        return None
    return PageCursor(int(number) if order is SpreadOrder.WIDTH else number, place)
