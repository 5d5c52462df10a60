"""Storing ratings: idempotent submits, one counted rating per slot, nothing lost.

A submit locks its own campaign item row and updates no row shared across items: only its own task
and lease. What other pages count is inserted as a `CampaignItemChange` and folded later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

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
UNFILLED = frozenset({TaskState.OPEN, TaskState.LEASED})
ALREADY_RATED = gettext_noop(
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
    task = lease.task
    with transaction.atomic():
        CampaignItem.objects.select_for_update(no_key=True).only("pk").get(pk=task.campaign_item_id)
        met = _ratings_met(lease, judgement)
        stored = _find_stored(met, lease, judgement)
        if stored is not None:
            return SubmitResult(stored, is_repeat=True)
        check_judgement(
            judgement,
            shape=rubric_shape(task.rubric_id),
            candidate_ids=lease.candidate_order,
        )
        state = (
            Task.objects.select_for_update(no_key=True)
            .values_list("state", flat=True)
            .get(pk=task.pk)
        )
        counts = state in UNFILLED and not _is_counted_elsewhere(met, lease)
        rating = _store_rating(lease, judgement, now, counts=counts)
    return SubmitResult(rating, is_repeat=False)


def _ratings_met(lease: Lease, judgement: Judgement) -> list[Rating]:
    """What the annotator has rated of this item, and what the client UUID names."""
    own = Q(annotator=lease.annotator_id, campaign_item=lease.task.campaign_item_id)
    return list(
        Rating.objects.filter(Q(client_uuid=judgement.client_uuid) | own)
        .exclude(~Q(client_uuid=judgement.client_uuid), status=RatingStatus.RELEASED)
        .order_by("pk")
    )


def _find_stored(met: list[Rating], lease: Lease, judgement: Judgement) -> Rating | None:
    """Return what the same submit stored before.

    Raises:
        ConflictError: if the task or the UUID is taken by another submit.
    """
    for rating in met:
        if rating.client_uuid == judgement.client_uuid:
            if (rating.task_id, rating.annotator_id) != (lease.task_id, lease.annotator_id):
                raise ConflictError("This client UUID names another submit: make a fresh one.")
            return rating
    for rating in met:
        if rating.task_id == lease.task_id:
            raise ConflictError(
                _(ALREADY_RATED), client_uuid=str(rating.client_uuid), status=rating.status
            )
    return None


def _is_counted_elsewhere(met: list[Rating], lease: Lease) -> bool:
    """Whether another slot of the item counts the same annotator already."""
    return lease.task.purpose in INDEPENDENT_PURPOSES and any(
        rating.status == RatingStatus.ACTIVE and rating.independent for rating in met
    )


def _store_rating(lease: Lease, judgement: Judgement, now: datetime, *, counts: bool) -> Rating:
    task = lease.task
    rating = Rating.objects.create(
        task=task,
        lease=lease,
        campaign_id=task.campaign_id,
        campaign_item_id=task.campaign_item_id,
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
    if counts:
        Task.objects.filter(pk=task.pk).update(state=TaskState.FILLED, lease_expires_at=None)
        note_change(rating)
    _end_leases(lease, now, is_filled=counts)
    record_event(
        actor=lease.annotator,
        verb=AuditVerb.SUBMITTED if counts else AuditVerb.SUPERSEDED,
        object_type="rating",
        object_id=rating.pk,
        campaign=task.campaign,
        data={"task": task.pk, "client_uuid": str(judgement.client_uuid)},
    )
    return rating


def _end_leases(lease: Lease, now: datetime, *, is_filled: bool) -> None:
    """End the lease; whoever else holds a filled slot learns so at the next heartbeat."""
    ended = {"outcome": LeaseOutcome.SUBMITTED, "ended_at": now}
    if Lease.objects.filter(pk=lease.pk, ended_at=None).update(**ended):
        return
    Lease.objects.filter(pk=lease.pk).update(outcome=LeaseOutcome.SUBMITTED)
    if is_filled:
        Lease.objects.filter(task=lease.task_id, ended_at=None).update(
            ended_at=now, outcome=LeaseOutcome.EXPIRED
        )
