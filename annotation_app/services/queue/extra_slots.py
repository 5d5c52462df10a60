"""Adding single slots besides the plan: for one person, or for anyone but the item's raters."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max

from annotation_app.enums import Design, Lane, Purpose
from annotation_app.models import CampaignItem, Task, User

AHEAD_OF_PLAN = 1.0  # planned priorities lie below


def add_personal_slot(
    *, campaign_item: CampaignItem, purpose: Purpose, design: Design, annotator: User
) -> Task:
    """Add a slot that only one annotator may take; must be called in a transaction."""
    return Task.objects.create(
        **_place(campaign_item, purpose), design=design, assigned_to=annotator
    )


def add_open_slot(
    *,
    campaign_item: CampaignItem,
    purpose: Purpose,
    design: Design,
    probability: float,
    now: datetime,
) -> Task:
    """Add a slot for anyone who has not seen the item; must be called in a transaction.

    It waits among the returned slots: every annotator looks there before their own position in the
    queue, so that no position needs to be reset.
    """
    return Task.objects.create(
        **_place(campaign_item, purpose),
        design=design,
        inclusion_probability=probability,
        lane=Lane.RESERVED if campaign_item.reserved else Lane.RANKED,
        priority=AHEAD_OF_PLAN,
        returned_at=now,
    )


def lock_items(campaign_items: Iterable[int]) -> list[CampaignItem]:
    """Lock campaign items in the order of their ids, as submits and other additions do."""
    rows = CampaignItem.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "campaign"
    )
    return list(rows.filter(pk__in=list(campaign_items)).order_by("pk"))


def _place(item: CampaignItem, purpose: Purpose) -> dict[str, object]:
    taken = Task.objects.filter(campaign_item=item, purpose=purpose)
    last = taken.aggregate(last=Max("ordinal"))["last"] or 0
    return {
        "campaign_id": item.campaign_id,
        "campaign_item": item,
        "purpose": purpose,
        "ordinal": last + 1,
        "rubric_id": item.campaign.rubric_id,
        "guideline_id": item.campaign.guideline_id,
    }
