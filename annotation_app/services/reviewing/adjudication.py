"""A reviewer's decision on a disputed item: the final scores that outrank every rating."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, ReviewState, TaskState
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import (
    Adjudication,
    CampaignItem,
    DrawnCandidate,
    Rating,
    ReviewCase,
    SnapshotItem,
    User,
)
from annotation_app.selectors.rubrics.shapes import rubric_shape
from annotation_app.services.audit.events import record_event

LONGEST_NOTE = 2000

Decision = Mapping[tuple[int, str], int | None]  # (candidate, dimension); None: left to the mean


def decide_case(
    *, reviewer: User, case: ReviewCase, levels: Decision, note: str, now: datetime
) -> ReviewCase:
    """Decide an item: the levels become its final scores, its ratings close.

    Raises:
        InvalidInputError: if a level is missing or not in the rubric, or the note is too long.
        ConflictError: if someone decided it meanwhile, another reviewer has it, or this one has
            not rated it blind yet.
    """
    with transaction.atomic():
        CampaignItem.objects.select_for_update(no_key=True).get(pk=case.campaign_item_id)
        fresh = ReviewCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
        _check_turn(fresh, reviewer)
        _check_levels(fresh, levels, note)
        before = _replace(fresh, reviewer, levels, note.strip())
        Rating.objects.filter(campaign_item=fresh.campaign_item_id, closed_at=None).update(
            closed_at=now
        )
        fresh.state, fresh.note = ReviewState.DECIDED, note.strip()
        fresh.decided_by, fresh.decided_at = reviewer, now
        fresh.save(update_fields=["state", "note", "decided_by", "decided_at"])
        record_event(
            actor=reviewer,
            verb=AuditVerb.CHANGED,
            object_type="adjudication",
            object_id=fresh.pk,
            campaign=fresh.campaign,
            data={
                "levels": {f"{one}:{key}": level for (one, key), level in levels.items()},
                "before": before,
            },
        )
    return fresh


def reopen_case(*, reviewer: User, case: ReviewCase, now: datetime) -> ReviewCase:
    """Reopen a decision to change it; the old one applies until the new one is made.

    Raises:
        ConflictError: if a snapshot has used it, or it is already open.
    """
    with transaction.atomic():
        fresh = ReviewCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if fresh.state != ReviewState.DECIDED or fresh.decided_at is None:
            raise ConflictError(_("This item is already open."))
        used = SnapshotItem.objects.filter(
            campaign_item=fresh.campaign_item_id, snapshot__created_at__gte=fresh.decided_at
        )
        if used.exists():
            raise ConflictError(
                _("A dataset version already uses this decision: it can no longer be changed.")
            )
        fresh.state, fresh.decided_by, fresh.decided_at = ReviewState.OPEN, None, None
        fresh.claimed_by, fresh.claimed_until = reviewer, now
        fresh.save(
            update_fields=["state", "decided_by", "decided_at", "claimed_by", "claimed_until"]
        )
        record_event(
            actor=reviewer,
            verb=AuditVerb.CHANGED,
            object_type="review_case",
            object_id=fresh.pk,
            campaign=fresh.campaign,
            data={"reopened": True},
        )
    return fresh


def _check_turn(case: ReviewCase, reviewer: User) -> None:
    if case.state != ReviewState.OPEN:
        raise ConflictError(
            _("Another reviewer has decided this item in the meantime; that decision is kept.")
        )
    if case.claimed_by_id != reviewer.pk:
        raise ConflictError(_("Another reviewer is working on this item now."))
    task = case.task
    if task is None or task.assigned_to_id != reviewer.pk or task.state != TaskState.FILLED:
        raise ConflictError(_("Rate the item yourself first, without the others' scores."))


def _check_levels(case: ReviewCase, levels: Decision, note: str) -> None:
    shape = rubric_shape(case.campaign.rubric_id)
    drawn = DrawnCandidate.objects.filter(campaign_item=case.campaign_item_id)
    wanted = {
        (candidate, key)
        for candidate in drawn.values_list("candidate", flat=True)
        for key in shape.levels
    }
    if set(levels) != wanted:
        raise InvalidInputError(_("Give every candidate a final score on every dimension."))
    if any(level is not None and level not in shape.levels[key]
           for (_one, key), level in levels.items()):  # fmt: skip
        raise InvalidInputError(_("A decided score is not a level of its dimension."))
    if len(note) > LONGEST_NOTE:
        raise InvalidInputError(
            _("A note may have at most %(most)s characters.") % {"most": LONGEST_NOTE}
        )


def _replace(case: ReviewCase, reviewer: User, levels: Decision, note: str) -> dict[str, int]:
    """Write the decided levels; returns the previous ones."""
    dimensions = rubric_shape(case.campaign.rubric_id).dimension_ids
    old = Adjudication.objects.filter(campaign_item=case.campaign_item_id)
    before = {
        f"{candidate}:{key}": level
        for candidate, key, level in old.values_list("candidate", "dimension__key", "level")
    }
    old.delete()
    Adjudication.objects.bulk_create(
        Adjudication(
            campaign_item_id=case.campaign_item_id,
            candidate_id=candidate,
            dimension_id=dimensions[key],
            level=level,
            reviewer=reviewer,
            note=note,
        )
        for (candidate, key), level in levels.items()
        if level is not None
    )
    return before
