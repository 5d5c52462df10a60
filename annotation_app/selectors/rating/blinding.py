"""Which items a person is blind to, in words and as parts of other reads; pages and the API ask.

The rule itself is `policies.blind_items`.
"""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from annotation_app.models import (
    Benchmark,
    Campaign,
    CampaignItem,
    DatasetVersion,
    Item,
    SnapshotItem,
    User,
)
from annotation_app.policies import blind_items

Items = QuerySet[Item]


@dataclass(frozen=True)
class Withheld:
    """What a list leaves out: the ids of its items, how many there are, and why in a sentence."""

    items: QuerySet[CampaignItem, int]
    count: int
    reason: str


def items_of(campaign: Campaign) -> Items:
    """Every item of a campaign."""
    held = CampaignItem.objects.filter(campaign=campaign)
    return Item.objects.filter(pk__in=held.values("item"))


def items_of_version(version: DatasetVersion) -> Items:
    """The items of a dataset version; those of its campaign where no snapshot names them."""
    if version.snapshot_id is None:
        return items_of(version.campaign)
    kept = SnapshotItem.objects.filter(snapshot=version.snapshot_id)
    return Item.objects.filter(pk__in=kept.values("campaign_item__item"))


def items_of_benchmark(benchmark: Benchmark) -> Items:
    """The items whose edits a benchmark's groups hold."""
    held = [group["campaign_item"] for group in benchmark.groups]
    return Item.objects.filter(campaign_items__in=held)


def why_blind(
    user: User, items: Items, *, working_in: Campaign | None = None, rating_only: bool = False
) -> str:
    """Why a person may not learn of these items: names a blinding campaign; empty if none.

    Args:
        user: the person asking.
        items: all items that would be revealed.
        working_in: as in `policies.blind_items`.
        rating_only: likewise.
    """
    blind = blind_items(user, working_in=working_in, rating_only=rating_only)
    blind = blind.filter(item__in=items.values("pk"))
    return _say(blind)


def withheld(user: User, items: Items, *, working_in: Campaign | None = None) -> Withheld:
    """What a list of these items leaves out for a person."""
    blind = blind_items(user, working_in=working_in).filter(item__in=items.values("pk"))
    reason = _say(blind)
    count = blind.order_by().values("item").distinct().count() if reason else 0
    return Withheld(blind.values_list("item", flat=True), count, reason)


def blind_elsewhere(user: User, campaign: Campaign) -> QuerySet[CampaignItem]:
    """What other campaigns blind a person to: work in this one may open what it allows."""
    return blind_items(user).exclude(campaign=campaign)


def why_blind_elsewhere(user: User, campaign: Campaign, item: int) -> str:
    """Why a person must not learn of an item by their own work in a campaign; empty if they may."""
    return _say(blind_elsewhere(user, campaign).filter(item=item))


def _say(blind: QuerySet[CampaignItem]) -> str:
    """The sentence that refuses and gives the remedy; empty if no campaign blinds."""
    campaign = blind.order_by().values_list("campaign__name", flat=True)[:1]
    return "".join(_say_why(name) for name in campaign)


def _say_why(campaign: str) -> str:
    return _(
        "You still rate or review such items in the campaign %(campaign)s, so you must "
        "not see anything about them first. Ask its admin to end your role there, or "
        "use an account that does not rate."
    ) % {"campaign": campaign}
