"""Stocking hidden gold and hidden repeats: personal slots that wait to be mixed into the work."""

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from annotation_app.enums import (
    CampaignState,
    Design,
    LeaseOutcome,
    MembershipStatus,
    Purpose,
    RatingStatus,
    ReviewState,
    Role,
    TaskState,
)
from annotation_app.models import (
    Campaign,
    CampaignItem,
    Membership,
    QualityPlan,
    Rating,
    Task,
    User,
)
from annotation_app.services.quality.qualifying import fresh_gold
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


def repeatable_items(*, plan: QualityPlan, annotator: User, now: datetime) -> list[int]:
    """Items that the annotator rated long enough ago and cannot look up on any page of theirs."""
    repeated = Task.objects.filter(
        campaign=plan.campaign, purpose=Purpose.REPEAT, assigned_to=annotator
    )
    return list(
        Rating.objects.filter(
            campaign=plan.campaign,
            annotator=annotator,
            purpose=Purpose.PRODUCTION,
            status=RatingStatus.ACTIVE,
            submitted_at__lt=now - timedelta(days=plan.repeat_after_days),
            campaign_item__item__withdrawn_at__isnull=True,
        )
        .exclude(campaign_item__in=repeated.values("campaign_item"))
        .exclude(campaign_item__in=known_items(annotator, plan.campaign))
        .order_by("campaign_item")
        .values_list("campaign_item", flat=True)
        .distinct()
    )


def known_items(annotator: User, campaign: Campaign) -> QuerySet[CampaignItem]:
    """Items that the annotator talked about, or whose decided levels they may read."""
    talked = Q(tasks__leases__annotator=annotator, tasks__leases__thread_messages__isnull=False)
    decided = Q(review_cases__state=ReviewState.DECIDED)
    return CampaignItem.objects.filter(talked | decided, campaign=campaign).distinct()


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
