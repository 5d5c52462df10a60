"""Stocking hidden gold and hidden repeats: personal slots that wait to be mixed into the work."""

import random
from datetime import datetime

from django.db import transaction

from annotation_app.enums import (
    CampaignState,
    Design,
    LeaseOutcome,
    MembershipStatus,
    Purpose,
    Role,
    TaskState,
)
from annotation_app.models import (
    Campaign,
    Membership,
    QualityPlan,
    Task,
    User,
)
from annotation_app.selectors.quality.hidden import known_items, repeatable_items
from annotation_app.selectors.quality.qualification import fresh_gold
from annotation_app.services.queue.extra_slots import add_personal_slot, lock_items

STOCKED = 3  # slots of each kind that wait for an annotator


def stock_hidden(*, campaign: Campaign, now: datetime, rng: random.Random) -> int:
    """Give every active annotator the hidden checks that they lack; return how many were added."""
    plan = QualityPlan.objects.filter(campaign=campaign).first()
    if plan is None or campaign.state != CampaignState.ACTIVE:
        return 0
    added = 0
    for annotator in _active_annotators(campaign):
        if plan.gold_share:
            added += _stock_gold(campaign, annotator, rng)
        if plan.repeat_share:
            added += _stock_repeats(plan, annotator, now, rng)
    return added


def _active_annotators(campaign: Campaign) -> list[User]:
    members = Membership.objects.filter(
        campaign=campaign, role=Role.ANNOTATOR, status=MembershipStatus.ACTIVE
    )
    return [member.user for member in members.select_related("user").order_by("pk")]


def _stock_gold(campaign: Campaign, annotator: User, rng: random.Random) -> int:
    lacking = STOCKED - _waiting(campaign, annotator, Purpose.GOLD)
    if lacking <= 0:
        return 0
    fresh = fresh_gold(annotator=annotator, campaign=campaign)
    drawn = rng.sample(fresh, min(lacking, len(fresh)))
    items = [gold.campaign_item_id for gold in drawn]
    return _add(items, annotator, Purpose.GOLD, Design.GOLD)


def _stock_repeats(plan: QualityPlan, annotator: User, now: datetime, rng: random.Random) -> int:
    lacking = STOCKED - _waiting(plan.campaign, annotator, Purpose.REPEAT)
    if lacking <= 0:
        return 0
    old = repeatable_items(plan=plan, annotator=annotator, now=now)
    items = rng.sample(old, min(lacking, len(old)))
    return _add(items, annotator, Purpose.REPEAT, Design.REPEAT)


def _waiting(campaign: Campaign, annotator: User, purpose: Purpose) -> int:
    """Slots that wait unseen; repeats that would be recognised are closed first.

    One that was seen is closed only where work would be filled by now: closed before, it would
    answer a late submit otherwise, and stay away where work comes back.
    """
    waiting = Task.objects.filter(
        campaign=campaign, assigned_to=annotator, purpose=purpose, state=TaskState.OPEN
    )
    waiting.filter(taken_by__outcome=LeaseOutcome.SUBMITTED).update(state=TaskState.CLOSED)
    slots = waiting.filter(returned_at=None)
    if purpose == Purpose.REPEAT:
        slots.filter(campaign_item__in=known_items(annotator, campaign)).update(
            state=TaskState.CLOSED
        )
    return slots.count()


def _add(items: list[int], annotator: User, purpose: Purpose, design: Design) -> int:
    if not items:
        return 0
    with transaction.atomic():
        for item in lock_items(items):
            add_personal_slot(
                campaign_item=item, purpose=purpose, design=design, annotator=annotator
            )
    return len(items)
