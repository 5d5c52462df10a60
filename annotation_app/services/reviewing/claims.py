"""Taking a disputed item to review: one reviewer at a time, who rates it blind first."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import (
    AuditVerb,
    Design,
    Purpose,
    ReviewState,
    TaskState,
)
from annotation_app.exceptions import ConflictError
from annotation_app.models import Lease, ReviewCase, Task, User
from annotation_app.selectors.reviewing.cases import rated_by
from annotation_app.services.assignment import lease_own_task
from annotation_app.services.audit.events import record_event
from annotation_app.services.queue.extra_slots import add_personal_slot, lock_items

CLAIM_TIME = timedelta(hours=1)


def claim_case(*, reviewer: User, case: ReviewCase, now: datetime) -> Lease | None:
    """Take a case; returns the lease under which it is rated, None once that is done.

    Raises:
        ConflictError: if it is decided, another reviewer has it, or this person rated the item.
    """
    with transaction.atomic():
        lock_items([case.campaign_item_id])  # as a decision does: item, then case
        fresh = ReviewCase.objects.select_for_update().get(pk=case.pk)
        _check_free(fresh, reviewer, now)
        task = _own_task(fresh, reviewer)
        is_new = fresh.claimed_by_id != reviewer.pk
        fresh.task, fresh.claimed_by, fresh.claimed_until = task, reviewer, now + CLAIM_TIME
        fresh.save(update_fields=["task", "claimed_by", "claimed_until"])
        if is_new:
            record_event(
                actor=reviewer,
                verb=AuditVerb.CHANGED,
                object_type="review_case",
                object_id=fresh.pk,
                campaign=fresh.campaign,
                data={"claimed": True},
            )
    if task.state == TaskState.FILLED:
        return None
    return lease_own_task(annotator=reviewer, task=task, now=now)


def give_back_case(*, reviewer: User, case: ReviewCase) -> None:
    """Let another reviewer have a case; the blind rating stays on record, uncounted."""
    with transaction.atomic():
        fresh = ReviewCase.objects.select_for_update().get(pk=case.pk)
        if fresh.state == ReviewState.OPEN and fresh.claimed_by_id == reviewer.pk:
            fresh.claimed_by, fresh.claimed_until = None, None
            fresh.save(update_fields=["claimed_by", "claimed_until"])


def _check_free(case: ReviewCase, reviewer: User, now: datetime) -> None:
    if case.state != ReviewState.OPEN:
        raise ConflictError(_("Another reviewer has decided this item in the meantime."))
    is_held = case.claimed_until is not None and case.claimed_until > now
    if is_held and case.claimed_by_id != reviewer.pk:
        raise ConflictError(_("Another reviewer is working on this item: take another one."))
    if rated_by(reviewer, case):
        raise ConflictError(_("You rated this item yourself, so another reviewer must decide it."))


def _own_task(case: ReviewCase, reviewer: User) -> Task:
    own = Task.objects.filter(
        campaign_item=case.campaign_item_id, purpose=Purpose.REVIEW, assigned_to=reviewer
    ).exclude(state=TaskState.CLOSED)
    found = own.select_related("campaign").first()
    if found is not None:
        return found
    [item] = lock_items([case.campaign_item_id])
    return add_personal_slot(
        campaign_item=item,
        purpose=Purpose.REVIEW,
        design=Design.ADJUDICATION,
        annotator=reviewer,
    )
