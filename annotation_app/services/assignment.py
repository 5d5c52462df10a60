"""Handing out the next task: exactly the planned slots under any concurrency.

One annotator's calls run one after another (their user row is locked); different annotators never
wait for each other: slots are picked with SKIP LOCKED.
"""

from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import CampaignState, Lane, LeaseOutcome, Purpose, TaskState
from annotation_app.exceptions import ConflictError, NothingToDoError
from annotation_app.models import Campaign, Lease, QueueCursor, Rating, Task, User
from annotation_app.selectors.people.members import start_of_day
from annotation_app.services.quality.gating import HIDDEN as HIDDEN_KINDS
from annotation_app.services.quality.gating import (
    Rng,
    calibration_purpose,
    hidden_purposes,
    personal_purposes,
)
from annotation_app.services.queue.lanes import (
    open_cursor,
    position_in,
    read_lane,
    save_cursor,
    set_position,
)
from annotation_app.services.queue.leases import reclaim_tasks, release_lease, start_lease
from annotation_app.services.queue.picking import (
    ASSIGNED,
    HIDDEN,
    RETURNED,
    START,
    UNFINISHED,
    PickedSlot,
    QueueAvailability,
    lock_annotator,
    lock_expired,
    pick_from,
    queue_values,
    read_availability,
)
from annotation_app.services.queue.stand_ins import find_taken, take_on_paper

RNG = SystemRandom().random  # no one may foresee when a hidden check comes
REREAD_AFTER = timedelta(seconds=30)  # how often an annotator's exhausted queue is read again


def lease_next_task(
    *, annotator: User, campaign: Campaign, now: datetime, chance: Rng = RNG
) -> Lease:
    """Lease the best slot that this annotator may take.

    In order: their own unfinished work, slots that wait for them alone, slots that came back, then
    the two lanes by priority, the reserved lane with its share. By chance a hidden check replaces a
    lane's slot that no one has seen yet. If the campaign trains or tests its annotators, only those
    slots are served at first.

    Args:
        annotator: the person asking for work.
        campaign: the campaign they work in.
        now: the current time.
        chance: uniform on [0, 1): whether a hidden check comes now.

    Raises:
        NothingToDoError: if no work is left for them, they must be trained or tested first,
            today's cap is reached or the campaign is not active; the message says which.
        ConflictError: if they already have the maximum number of leases.
    """
    if campaign.state != CampaignState.ACTIVE:
        raise NothingToDoError(_("This campaign is not active."))
    values = queue_values(annotator_id=annotator.pk, campaign_id=campaign.pk, now=now)
    with transaction.atomic():
        lock_annotator(annotator.pk)
        standing = read_availability(values)
        _check_daily_cap(annotator, campaign, standing, now)
        number = _free_number(annotator, campaign, standing, now)
        first = _calibration(annotator, campaign, standing, now)
        values["purposes"] = [first.value] if first else personal_purposes(standing)
        if first is None:
            values["hidden"] = hidden_purposes(standing, chance)
            slot = _pick_slot(annotator, campaign, standing, values)
        else:
            slot = pick_from(ASSIGNED, values)
        if slot is not None:
            passed = None
            if first is None and (standing.expired or False in standing.given_back):
                passed = find_taken(slot, values)
            lease = start_lease(
                annotator=annotator, campaign=campaign, slot=slot, number=number, now=now
            )
            if passed is not None:
                take_on_paper(passed, lease)
            return lease
    # Raised after the commit: what was reclaimed and how far the queue was read stays written.
    raise NothingToDoError(_("There are no more items for you in this campaign right now."))


def reset_cursors(*, campaign: Campaign) -> None:
    """Make every annotator read the queue from its head again: call after rewriting priorities."""
    QueueCursor.objects.filter(campaign=campaign).delete()


def _calibration(
    annotator: User, campaign: Campaign, standing: QueueAvailability, now: datetime
) -> Purpose | None:
    if not standing.gated:
        return None
    purpose = calibration_purpose(annotator=annotator, campaign=campaign, now=now)
    if purpose == Purpose.TRAINING and standing.held:
        raise NothingToDoError(_("Finish the current example first; its answer comes next."))
    return purpose


def _check_daily_cap(
    annotator: User, campaign: Campaign, standing: QueueAvailability, now: datetime
) -> None:
    cap = standing.daily_cap
    if cap is None:
        return
    today = start_of_day(campaign, now)
    done = Rating.objects.filter(
        annotator=annotator, submitted_at__gte=today, campaign=campaign
    ).count()
    in_hand = Lease.objects.filter(
        annotator=annotator, task__campaign=campaign, ended_at=None, expires_at__gte=now
    ).count()
    if done + in_hand >= cap:
        raise NothingToDoError(_("You have reached your daily cap. See you tomorrow."), cap=cap)


def _free_number(
    annotator: User, campaign: Campaign, standing: QueueAvailability, now: datetime
) -> int:
    held = standing.held
    if standing.holds_expired:
        held = _end_own_expired(annotator, now)
    free = [n for n in range(1, settings.LEASES_PER_ANNOTATOR + 1) if n not in held]
    free = free or _make_room(annotator, campaign, now)
    if not free:
        raise ConflictError(
            _(
                "You have as many items open as you may have at a time: submit, skip or "
                "return one first."
            ),
            held=len(held),
        )
    return free[0]


def _make_room(annotator: User, campaign: Campaign, now: datetime) -> list[int]:
    """Give an untouched item of another campaign back: there it was only fetched ahead."""
    ahead = (
        Lease.objects.filter(annotator=annotator, ended_at=None, draft={})
        .exclude(task__campaign=campaign)
        .exclude(task__purpose=Purpose.REVIEW)
        .order_by("-leased_at", "-pk")
    )
    lease = ahead.first()
    return [] if lease is None else [release_lease(lease=lease, now=now).slot]


def _end_own_expired(annotator: User, now: datetime) -> list[int]:
    """End one's own expired leases, except those that another process is reclaiming right now."""
    held = Lease.objects.filter(annotator=annotator, ended_at=None)
    task_ids = list(held.filter(expires_at__lt=now).values_list("task", flat=True))
    locked = Task.objects.select_for_update(no_key=True, skip_locked=True).filter(
        pk__in=task_ids, state=TaskState.LEASED
    )
    reclaim_tasks(task_ids=[task.pk for task in locked], now=now)
    # A lease of a slot that was closed meanwhile must not count against the annotator's limit.
    held.filter(expires_at__lt=now).exclude(task__state=TaskState.LEASED).update(
        ended_at=now, outcome=LeaseOutcome.EXPIRED
    )
    return list(held.values_list("slot", flat=True))


def _pick_slot(
    annotator: User, campaign: Campaign, standing: QueueAvailability, values: dict[str, Any]
) -> PickedSlot | None:
    reclaimed = lock_expired(values) if standing.expired else []
    if reclaimed:
        reclaim_tasks(task_ids=reclaimed, now=values["now"])
    own = pick_from(UNFINISHED, values) if standing.unfinished or standing.holds_expired else None
    sources = (
        (bool(values["purposes"]), ASSIGNED),
        (_has_returned(standing, reclaimed), RETURNED),
    )
    picks = (pick_from(source, values) for is_there, source in sources if is_there)
    slot = own or next((pick for pick in picks if pick is not None), None)
    cursor = open_cursor(annotator_id=annotator.pk, campaign_id=campaign.pk)
    slot = slot or _read_lanes(campaign, cursor, values) or _reread(campaign, cursor, values)
    if slot is not None:
        slot = _pick_hidden(slot, values) or slot
        cursor.served += 1
        cursor.served_reserved += slot.lane == Lane.RESERVED
    save_cursor(cursor)
    return slot


def _has_returned(standing: QueueAvailability, reclaimed: list[int]) -> bool:
    waiting = standing.returned or True in standing.given_back
    return waiting or standing.holds_expired or bool(reclaimed)


def _pick_hidden(slot: PickedSlot, values: dict[str, Any]) -> PickedSlot | None:
    """The hidden check that is due in the place of the work picked, which stays in the queue.

    Where no work is left no check comes either: it would stand out. So would one in the place of
    work that comes back: who gives an item back and gets another one would know it for a check.
    A check is looked up with every task of a campaign that has hidden checks, due or not, so that
    both take the same statements and the same time.
    """
    due = values["hidden"]
    if due is None:
        return None
    found = pick_from(HIDDEN, values | {"hidden": due or [kind.value for kind in HIDDEN_KINDS]})
    if found is None or not due or not slot.is_fresh:
        return None
    return found._replace(stands_for=slot.task)


def _read_lanes(
    campaign: Campaign, cursor: QueueCursor, values: dict[str, Any]
) -> PickedSlot | None:
    lanes = [Lane.RANKED, Lane.RESERVED]
    if cursor.served_reserved < campaign.reserved_task_share * (cursor.served + 1):
        lanes.reverse()
    for lane in lanes:
        slot = read_lane(cursor, lane, values)
        if slot is not None:
            return slot
    return None


def _reread(campaign: Campaign, cursor: QueueCursor, values: dict[str, Any]) -> PickedSlot | None:
    """Read the whole queue once more, now and then: a slot may have come free behind the cursor."""
    now = values["now"]
    at_start = all(position_in(cursor, lane) == START for lane in Lane)
    if at_start or (cursor.wrapped_at and now - cursor.wrapped_at < REREAD_AFTER):
        return None
    cursor.wrapped_at = now
    for lane in Lane:
        set_position(cursor, lane, START)
    return _read_lanes(campaign, cursor, values)


def lease_own_task(*, annotator: User, task: Task, now: datetime) -> Lease:
    """Lease a slot that waits for this person alone, outside the queue; again is the same lease.

    Raises:
        ConflictError: if it is not theirs to take now, or they hold the most leases already.
    """
    with transaction.atomic():
        lock_annotator(annotator.pk)
        held = Lease.objects.filter(annotator=annotator, task=task, ended_at=None).first()
        if held is not None and held.expires_at >= now:
            return held
        values = queue_values(annotator_id=annotator.pk, campaign_id=task.campaign_id, now=now)
        number = _free_number(annotator, task.campaign, read_availability(values), now)
        fresh = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
        if fresh.state != TaskState.OPEN or fresh.assigned_to_id != annotator.pk:
            raise ConflictError(_("This item is not assigned to you now."))
        slot = PickedSlot(
            fresh.pk, fresh.campaign_item_id, fresh.lane, fresh.returned_at is None, place=1
        )
        return start_lease(
            annotator=annotator, campaign=task.campaign, slot=slot, number=number, now=now
        )
