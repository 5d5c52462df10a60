"""Storing ratings: idempotent submits, one counted rating per slot, nothing lost.

A submit locks its own campaign item row and updates no row shared across items: only its own task
and lease. What other pages count is inserted as a `CampaignItemChange` and folded later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from annotation_app.enums import (
    INDEPENDENT_PURPOSES,
    AuditVerb,
    LeaseOutcome,
    RatingStatus,
    RevisionCause,
    TaskState,
)
from annotation_app.exceptions import ConflictError
from annotation_app.models import CampaignItem, Lease, Rating, Task
from annotation_app.services.auditing import record_event
from annotation_app.services.revisions import append_revision, note_change
from annotation_app.services.validation import Judgement, check_judgement, rubric_shape

REOPEN_TIME = timedelta(seconds=settings.REOPEN_SECONDS)
ALREADY_RATED = (
    "You have submitted this item already, perhaps in another window. That result stands; "
    "open it from your history to change it."
)


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """What became of a submit.

    Attributes:
        rating: the stored rating; its status says whether it counts or is superseded.
        is_repeat: the same submit had been stored before, and this is that result.
    """

    rating: Rating
    is_repeat: bool


def submit_rating(*, lease: Lease, judgement: Judgement, now: datetime) -> SubmitResult:
    """Store a judgement of a leased task, once.

    An expired, skipped or released lease still submits: the rating fills the slot if it is open,
    else it is kept as superseded. The same client UUID returns the stored result again.

    Args:
        lease: the annotator's hold on the task, open or ended.
        judgement: every shown candidate on every dimension.
        now: the moment of the submit.

    Raises:
        InvalidInputError: if the judgement breaks the rubric; nothing is stored.
        ConflictError: if this annotator rated the task before with another client UUID, or the
            client UUID belongs to something else.
    """
    stored = _find_stored(lease, judgement)
    if stored is not None:
        return SubmitResult(stored, is_repeat=True)
    check_judgement(
        judgement,
        shape=rubric_shape(lease.task.rubric_id),
        candidate_ids=lease.candidate_order,
    )
    with transaction.atomic():
        item = CampaignItem.objects.select_for_update(no_key=True).get(
            pk=lease.task.campaign_item_id
        )
        stored = _find_stored(lease, judgement)
        if stored is not None:
            return SubmitResult(stored, is_repeat=True)
        task = Task.objects.select_for_update(no_key=True).get(pk=lease.task_id)
        rating = _store_rating(lease, task, item, judgement, now)
    return SubmitResult(rating, is_repeat=False)


def _find_stored(lease: Lease, judgement: Judgement) -> Rating | None:
    """Return what the same submit stored before.

    Raises:
        ConflictError: if the task or the UUID is taken by another submit.
    """
    same = Rating.objects.filter(client_uuid=judgement.client_uuid).first()
    if same is not None:
        if (same.task_id, same.annotator_id) != (lease.task_id, lease.annotator_id):
            raise ConflictError("This client UUID names another submit: make a fresh one.")
        return same
    other = (
        Rating.objects.filter(task=lease.task_id, annotator=lease.annotator_id)
        .exclude(status=RatingStatus.RELEASED)
        .first()
    )
    if other is not None:
        raise ConflictError(ALREADY_RATED, client_uuid=str(other.client_uuid), status=other.status)
    return None


def _store_rating(
    lease: Lease, task: Task, item: CampaignItem, judgement: Judgement, now: datetime
) -> Rating:
    counts = _counts(lease, task)
    rating = Rating.objects.create(
        task=task,
        lease=lease,
        campaign_id=task.campaign_id,
        campaign_item=item,
        annotator_id=lease.annotator_id,
        purpose=task.purpose,
        independent=task.purpose in INDEPENDENT_PURPOSES,
        status=RatingStatus.ACTIVE if counts else RatingStatus.SUPERSEDED,
        client_uuid=judgement.client_uuid,
        guideline_id=task.guideline_id,
        candidate_order=lease.candidate_order,
        submitted_at=now,
        open_until=now + REOPEN_TIME,
    )
    append_revision(rating=rating, judgement=judgement, cause=RevisionCause.SUBMIT, now=now)
    _end_lease(lease, now)
    if counts:
        _fill_slot(task, now)
        note_change(rating)
    record_event(
        actor=lease.annotator,
        verb=AuditVerb.SUBMITTED if counts else AuditVerb.SUPERSEDED,
        object_type="rating",
        object_id=rating.pk,
        campaign=task.campaign,
        data={"task": task.pk, "client_uuid": str(judgement.client_uuid)},
    )
    return rating


def _counts(lease: Lease, task: Task) -> bool:
    """Whether a rating fills the slot: it is unfilled, and no other slot counts its author."""
    if task.state not in {TaskState.OPEN, TaskState.LEASED}:
        return False
    if task.purpose not in INDEPENDENT_PURPOSES:
        return True
    return not Rating.objects.filter(
        annotator=lease.annotator_id,
        campaign_item=task.campaign_item_id,
        status=RatingStatus.ACTIVE,
        independent=True,
    ).exists()


def _end_lease(lease: Lease, now: datetime) -> None:
    held = Lease.objects.select_for_update(no_key=True).get(pk=lease.pk)
    held.outcome, held.ended_at = LeaseOutcome.SUBMITTED, held.ended_at or now
    held.save(update_fields=["outcome", "ended_at"])


def _fill_slot(task: Task, now: datetime) -> None:
    """Fill the slot; whoever else holds it learns so at the next heartbeat."""
    Task.objects.filter(pk=task.pk).update(state=TaskState.FILLED, lease_expires_at=None)
    Lease.objects.filter(task=task, ended_at=None).update(
        ended_at=now, outcome=LeaseOutcome.EXPIRED
    )
