"""Withdrawing items (licence, privacy, defects), and undoing it.

A withdrawn item is not served, not counted and not in any later release; its images are no longer
served. Releases that contain it stay unchanged and mention the withdrawal.

A withdrawal never waits for a slot while it has another one locked: a submit may wait for that one
and have locked what the lease of the other waits for. Slots in use at that time are closed after
the commit, one by one.
"""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, LeaseOutcome, TaskState, WithdrawalGround
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import (
    Campaign,
    DatasetVersion,
    Item,
    Lease,
    SnapshotItem,
    Task,
    User,
    Withdrawal,
)
from annotation_app.services.agreement.changes import note_items
from annotation_app.services.audit.events import record_event

LONGEST_REASON = 500
WAITING = (TaskState.OPEN, TaskState.LEASED)


def withdraw_item(
    *,
    item: Item,
    ground: WithdrawalGround,
    reason: str,
    actor: User | None,
    now: datetime,
    campaign: Campaign | None = None,
) -> Withdrawal:
    """Take an item out of all work and of every later release.

    Its waiting slots close and leases on it end: work in progress may still be submitted, and is
    kept uncounted. Dataset versions that contain it can no longer be rebuilt.

    Args:
        item: the item to withdraw.
        ground: why, in one word.
        reason: why, in words; shown to everyone who sees a version that contains the item.
        actor: who withdraws it.
        now: the current time.
        campaign: the campaign in which it was requested, if any.

    Raises:
        InvalidInputError: if there is no reason, or it is longer than 500 characters.
        ConflictError: if it is withdrawn already.
    """
    reason = _checked(reason)
    with transaction.atomic():
        held = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
        if held.withdrawn_at is not None:
            raise ConflictError(_("This item has already been withdrawn."))
        withdrawal = Withdrawal.objects.create(
            item=held,
            ground=ground,
            reason=reason,
            closed_tasks=_close_free_slots(held, now),
            withdrawn_by=actor,
            withdrawn_at=now,
        )
        transaction.on_commit(partial(_close_other_slots, withdrawal.pk, now))
        _mark(held, now, reason)
        touched = _versions_holding(held).update(rebuildable=False)
        facts = {"ground": ground.value, "reason": reason, "versions": touched}
        _record(AuditVerb.WITHDRAWN, withdrawal, actor, campaign, facts)
    item.withdrawn_at, item.withdrawal_reason = now, reason
    return withdrawal


def restore_item(*, item: Item, actor: User | None, now: datetime) -> Withdrawal:
    """Undo an item's withdrawal: it counts again, and the slots that it closed open again.

    Raises:
        ConflictError: if the item is not withdrawn.
    """
    with transaction.atomic():
        held = Item.objects.select_for_update(no_key=True).get(pk=item.pk)
        open_ones = Withdrawal.objects.select_for_update(no_key=True, of=("self",))
        withdrawal = open_ones.filter(item=held, restored_at=None).first()
        if held.withdrawn_at is None or withdrawal is None:
            raise ConflictError(_("This item is not withdrawn."))
        withdrawal.restored_by, withdrawal.restored_at = actor, now
        withdrawal.save(update_fields=["restored_by", "restored_at"])
        _mark(held, None, "")
        closed = Task.objects.filter(pk__in=withdrawal.closed_tasks, state=TaskState.CLOSED)
        opened = closed.update(state=TaskState.OPEN, returned_at=now)
        _settle_versions(held)
        _record(AuditVerb.RESTORED, withdrawal, actor, None, {"slots": opened})
    item.withdrawn_at, item.withdrawal_reason = None, ""
    return withdrawal


def _checked(reason: str) -> str:
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidInputError(_("Give a reason of at most 500 characters."))
    return reason


def _mark(item: Item, moment: datetime | None, reason: str) -> None:
    """Say on the item whether it is withdrawn, and let the live figures follow."""
    item.withdrawn_at, item.withdrawal_reason = moment, reason
    item.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    note_items([item.pk])


def _close_free_slots(item: Item, now: datetime) -> list[int]:
    """Close the waiting slots that no transaction has locked; return their ids."""
    free = (
        _waiting_slots(item.pk)
        .select_for_update(no_key=True, skip_locked=True, of=("self",))
        .order_by("pk")
    )
    closed = [task.pk for task in free]
    _close(closed, now)
    return closed


def _close_other_slots(withdrawal_id: int, now: datetime) -> None:
    """Close what was in use when the item was withdrawn, each slot in a separate transaction."""
    item = Withdrawal.objects.values_list("item", flat=True).get(pk=withdrawal_id)
    for task in list(_waiting_slots(item).values_list("pk", flat=True)):
        with transaction.atomic():
            Task.objects.select_for_update(no_key=True).get(pk=task)
            withdrawal = Withdrawal.objects.select_for_update(no_key=True).get(pk=withdrawal_id)
            still_waits = Task.objects.filter(pk=task, state__in=WAITING).exists()
            if still_waits and withdrawal.restored_at is None:
                _close([task], now)
                withdrawal.closed_tasks = [*withdrawal.closed_tasks, task]
                withdrawal.save(update_fields=["closed_tasks"])


def _waiting_slots(item: int) -> QuerySet[Task]:
    return Task.objects.filter(campaign_item__item=item, state__in=WAITING)


def _close(tasks: list[int], now: datetime) -> None:
    Task.objects.filter(pk__in=tasks).update(state=TaskState.CLOSED, lease_expires_at=None)
    Lease.objects.filter(task__in=tasks, ended_at=None).update(
        ended_at=now, outcome=LeaseOutcome.RELEASED
    )


def _versions_holding(item: Item) -> QuerySet[DatasetVersion]:
    holding = SnapshotItem.objects.filter(campaign_item__item=item)
    return DatasetVersion.objects.filter(snapshot__in=holding.values("snapshot"))


def _settle_versions(item: Item) -> None:
    """Versions whose last withdrawn item came back can be rebuilt again."""
    withdrawn = SnapshotItem.objects.filter(campaign_item__item__withdrawn_at__isnull=False)
    versions = _versions_holding(item).exclude(snapshot__in=withdrawn.values("snapshot"))
    versions.update(rebuildable=True)


def _record(
    verb: AuditVerb,
    withdrawal: Withdrawal,
    actor: User | None,
    campaign: Campaign | None,
    data: dict[str, Any],
) -> None:
    record_event(
        actor=actor,
        verb=verb,
        object_type="item",
        object_id=withdrawal.item_id,
        campaign=campaign,
        data=data,
    )
