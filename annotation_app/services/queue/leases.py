"""Starting, renewing and ending leases; the small writes that assignment is made of.

Locks are taken in this order: user (assignment) or campaign item (submits), task, lease. The first
lease of an item marks its campaign item last, when no submit can hold that row yet.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from analytics.sampling import presentation_order
from annotation_app.enums import AuditVerb, LeaseOutcome, TaskState
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import Campaign, Lease, Task, User
from annotation_app.selectors.rows import columns, read_rows
from annotation_app.services.audit.events import record_event
from annotation_app.services.queue.picking import PickedSlot

LEASE_TIME = timedelta(seconds=settings.LEASE_SECONDS)
LONGEST_REASON = 500
# The first lease of an item fixes its draw; the first lease of a slot pins the guideline.
TAKE_SLOT = f"""
WITH fixed AS (
    UPDATE annotation_app_campaignitem SET draw_fixed_at = %(now)s
    WHERE id = %(item)s AND draw_fixed_at IS NULL AND %(fresh)s
)
UPDATE annotation_app_task SET state = 'leased', lease_expires_at = %(expires)s,
    guideline_id = CASE WHEN %(fresh)s THEN (
        SELECT guideline_id FROM annotation_app_campaign
        WHERE id = annotation_app_task.campaign_id
    ) ELSE guideline_id END,
    stands_for_id = COALESCE(%(stands_for)s, stands_for_id), taken_by_id = NULL
WHERE id = %(task)s
RETURNING {columns(Task)}
"""  # noqa: S608 - columns of a model
READ_DRAW = """
SELECT candidate_id FROM annotation_app_drawncandidate WHERE campaign_item_id = %s ORDER BY ordinal
"""
START_LEASE = f"""
INSERT INTO annotation_app_lease
    (token, task_id, annotator_id, slot, candidate_order, leased_at, expires_at, outcome,
     skip_reason, draft, draft_number)
VALUES (%(token)s, %(task)s, %(annotator)s, %(slot)s, %(order)s::bigint[], %(now)s, %(expires)s,
        '', '', '{{}}', 0)
RETURNING {columns(Lease)}
"""  # noqa: S608 - columns of a model
GONE = gettext_noop(
    "The lease expired and the item went back to the queue. Your scores are kept: "
    "submit them, and they count if no one else was faster."
)


def start_lease(
    *, annotator: User, campaign: Campaign, slot: PickedSlot, number: int, now: datetime
) -> Lease:
    """Lease a slot that the caller has locked, as the annotator's open lease `number`.

    The first lease of an item fixes its drawn candidates; the first lease of a slot pins the
    campaign's guideline of that moment. A lease that the annotator had before is opened again.
    """
    expires_at = now + LEASE_TIME
    task = _take_slot(slot, expires_at)
    if not slot.is_fresh:
        existing = Lease.objects.filter(task=slot.task, annotator=annotator).first()
        if existing is not None:
            existing.task = task
            return _reopen(existing, number=number, now=now, expires_at=expires_at)
    values: dict[str, Any] = {
        "token": uuid4(),
        "task": slot.task,
        "annotator": annotator.pk,
        "slot": number,
        "order": _order_candidates(annotator, campaign, slot),
        "now": now,
        "expires": expires_at,
    }
    [lease] = read_rows(Lease, START_LEASE, values)
    lease.task = task
    return lease


def renew_lease(*, lease: Lease, now: datetime) -> Lease:
    """Let a lease run for its full time again.

    Raises:
        ConflictError: if it has ended; the message says what becomes of the scores.
    """
    with transaction.atomic():
        Task.objects.select_for_update(no_key=True).get(pk=lease.task_id)
        held = Lease.objects.select_for_update(no_key=True).get(pk=lease.pk)
        if held.ended_at is not None:
            raise ConflictError(_(GONE), outcome=held.outcome)
        held.expires_at = now + LEASE_TIME
        held.save(update_fields=["expires_at"])
        Task.objects.filter(pk=lease.task_id, state=TaskState.LEASED).update(
            lease_expires_at=held.expires_at
        )
    return held


def release_lease(*, lease: Lease, now: datetime) -> Lease:
    """Give an item back without a reason; its annotator may see it again.

    Raises:
        ConflictError: if the lease has ended by submitting or skipping.
    """
    with transaction.atomic():
        ended = _give_back(lease, LeaseOutcome.RELEASED, "", now)
        record_event(
            actor=lease.annotator,
            verb=AuditVerb.RELEASED,
            object_type="task",
            object_id=lease.task_id,
            campaign=lease.task.campaign,
        )
    return ended


def skip_task(*, lease: Lease, reason: str, now: datetime) -> Lease:
    """Give an item back with a reason; its annotator does not see it again.

    Raises:
        InvalidInputError: if there is no reason, or it is longer than 500 characters.
        ConflictError: if the lease has ended by submitting, skipping or releasing.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidInputError(
            _("Give your reason for skipping this item in at most 500 characters.")
        )
    with transaction.atomic():
        ended = _give_back(lease, LeaseOutcome.SKIPPED, reason, now)
        record_event(
            actor=lease.annotator,
            verb=AuditVerb.SKIPPED,
            object_type="task",
            object_id=lease.task_id,
            campaign=lease.task.campaign,
            data={"reason": reason},
        )
    return ended


def reclaim_tasks(*, task_ids: list[int], now: datetime) -> None:
    """Return slots with expired leases to the queue; the caller must have the slots locked."""
    Task.objects.filter(pk__in=task_ids).update(
        state=TaskState.OPEN, lease_expires_at=None, returned_at=now
    )
    Lease.objects.filter(task__in=task_ids, ended_at=None).update(
        ended_at=now, outcome=LeaseOutcome.EXPIRED
    )


def _give_back(lease: Lease, outcome: LeaseOutcome, reason: str, now: datetime) -> Lease:
    with transaction.atomic():
        task = Task.objects.select_for_update(no_key=True).get(pk=lease.task_id)
        held = Lease.objects.select_for_update(no_key=True).get(pk=lease.pk)
        was_open = held.ended_at is None
        if not was_open and held.outcome not in {LeaseOutcome.EXPIRED, outcome}:
            raise ConflictError(_("This item is already finished."), outcome=held.outcome)
        held.outcome, held.skip_reason, held.ended_at = outcome, reason, held.ended_at or now
        held.save(update_fields=["outcome", "skip_reason", "ended_at"])
        if was_open and task.state == TaskState.LEASED:
            Task.objects.filter(pk=task.pk).update(
                state=TaskState.OPEN, lease_expires_at=None, returned_at=now
            )
    return held


def _take_slot(slot: PickedSlot, expires_at: datetime) -> Task:
    values: dict[str, Any] = {
        "task": slot.task,
        "item": slot.campaign_item,
        "fresh": slot.is_fresh,
        "expires": expires_at,
        "now": expires_at - LEASE_TIME,
        "stands_for": slot.stands_for,
    }
    [task] = read_rows(Task, TAKE_SLOT, values)
    return task


def _reopen(lease: Lease, *, number: int, now: datetime, expires_at: datetime) -> Lease:
    lease.slot, lease.leased_at, lease.expires_at = number, now, expires_at
    lease.ended_at, lease.outcome, lease.skip_reason = None, "", ""
    lease.save(
        update_fields=["slot", "leased_at", "expires_at", "ended_at", "outcome", "skip_reason"]
    )
    return lease


def _order_candidates(annotator: User, campaign: Campaign, slot: PickedSlot) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(READ_DRAW, [slot.campaign_item])
        drawn = [str(pk) for (pk,) in cursor.fetchall()]
    order = presentation_order(
        drawn,
        seed=campaign.seed,
        task_id=str(slot.task),
        annotator_id=str(annotator.pk),
    )
    return [int(pk) for pk in order]
