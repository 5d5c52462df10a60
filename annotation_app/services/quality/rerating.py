"""Having an annotator's recent work rated again by others, for comparison."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from annotation_app.enums import (
    AuditVerb,
    Design,
    MembershipStatus,
    PauseReason,
    Purpose,
    TaskState,
)
from annotation_app.models import Membership, QualityPlan, Rating, Task, User
from annotation_app.selectors.quality.plans import quality_plan
from annotation_app.selectors.quality.recent_work import recent_work
from annotation_app.services.audit.events import record_event
from annotation_app.services.queue.extra_slots import add_open_slot, lock_items

# Pauses that cast doubt on the work before them.
DOUBTED = frozenset({PauseReason.GOLD, PauseReason.STRAIGHT, PauseReason.DRIFT})


def rerate_late_work(*, plan: QualityPlan, now: datetime) -> int:
    """Request new ratings of work submitted after a doubted pause; returns how many."""
    if not plan.rerate_days:
        return 0
    paused = Membership.objects.filter(
        campaign=plan.campaign,
        status=MembershipStatus.PAUSED,
        annotator_status__pause_reason__in=DOUBTED,
        annotator_status__paused_at__isnull=False,
    ).select_related("annotator_status")
    added = 0
    for member in paused:
        began = member.annotator_status.paused_at
        late = recent_work(membership=member, since=began)
        known = set(
            Task.objects.filter(
                campaign_item__in=[rating.campaign_item_id for rating in late],
                purpose=Purpose.RERATE,
            ).values_list("campaign_item", flat=True)
        )
        fresh = [rating for rating in late if rating.campaign_item_id not in known]
        added += len(rerate_work(actor=None, ratings=fresh, now=now))
    return added


def rerate_recent(
    *, actor: User | None, membership: Membership, since: datetime | None, now: datetime
) -> None:
    """Have the work of the plan's last days rated again, not further back than `since`."""
    days = quality_plan(membership.campaign).rerate_days
    if days:
        oldest = now - timedelta(days=days)
        ratings = recent_work(membership=membership, since=max(since or oldest, oldest))
        rerate_work(actor=actor, ratings=ratings, now=now)


def rerate_work(*, actor: User | None, ratings: Iterable[Rating], now: datetime) -> list[Task]:
    """Add a slot for another person for each rating, unless one waits already.

    The first rating stays on record and in the count: the item's score becomes the mean, or what
    a reviewer decides.
    """
    ratings = list(ratings)
    items = {rating.campaign_item_id for rating in ratings}
    with transaction.atomic():
        locked = lock_items(items)
        waiting = set(
            Task.objects.filter(
                campaign_item__in=items,
                purpose=Purpose.RERATE,
                state__in=(TaskState.OPEN, TaskState.LEASED),
            ).values_list("campaign_item", flat=True)
        )
        added = [
            add_open_slot(
                campaign_item=item,
                purpose=Purpose.RERATE,
                design=Design.RERATE,
                probability=1.0,
                now=now,
            )
            for item in locked
            if item.pk not in waiting
        ]
        if added:
            record_event(
                actor=actor,
                verb=AuditVerb.PLANNED,
                object_type="campaign",
                object_id=added[0].campaign_id,
                campaign=ratings[0].campaign,
                data={"rerate": [rating.pk for rating in ratings], "tasks": len(added)},
            )
    return added
