"""What a rating says over time: appended revisions while it is open, and release of its slot."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from annotation_app.enums import AuditVerb, RatingStatus, RevisionCause, TaskState
from annotation_app.exceptions import ConflictError
from annotation_app.models import (
    CampaignItem,
    CampaignItemChange,
    Rating,
    RatingRevision,
    Score,
    Task,
    User,
)
from annotation_app.selectors.rubrics.shapes import rubric_shape
from annotation_app.services.audit.events import record_event
from annotation_app.services.rating.judgements import Judgement, check_judgement

CLOSED = gettext_noop(
    "This rating is closed. A rating can be changed for ten minutes, unless it has been used."
)


def revise_rating(
    *,
    rating: Rating,
    judgement: Judgement,
    now: datetime,
    cause: RevisionCause = RevisionCause.EDIT,
) -> Rating:
    """Append a new revision to an open rating; the slot stays filled throughout.

    Repeating the same client UUID changes no data and returns the rating.

    Raises:
        InvalidInputError: if the judgement breaks the rubric; it is not stored.
        ConflictError: if the rating is closed or released.
    """
    if RatingRevision.objects.filter(client_uuid=judgement.client_uuid, rating=rating).exists():
        return rating
    check_judgement(
        judgement,
        shape=rubric_shape(rating.task.rubric_id),
        candidate_ids=rating.candidate_order,
    )
    with transaction.atomic():
        _lock_item(rating)
        fresh = Rating.objects.select_for_update(no_key=True).get(pk=rating.pk)
        if fresh.revisions.filter(client_uuid=judgement.client_uuid).exists():
            return fresh
        if not is_open(fresh, now):
            raise ConflictError(_(CLOSED), open_until=fresh.open_until.isoformat())
        append_revision(rating=fresh, judgement=judgement, cause=cause, now=now)
        note_change(fresh)
        record_event(
            actor=fresh.annotator,
            verb=AuditVerb.REVISED,
            object_type="rating",
            object_id=fresh.pk,
            campaign=fresh.campaign,
            data={"cause": cause.value, "client_uuid": str(judgement.client_uuid)},
        )
    return fresh


def release_rating(*, actor: User, rating: Rating, reason: str, now: datetime) -> Rating:
    """Take a rating out of the count and open its slot again; its words stay on record.

    Raises:
        ConflictError: if it does not count now.
    """
    with transaction.atomic():
        _lock_item(rating)
        task = Task.objects.select_for_update(no_key=True).get(pk=rating.task_id)
        fresh = Rating.objects.select_for_update(no_key=True).get(pk=rating.pk)
        if fresh.status != RatingStatus.ACTIVE:
            raise ConflictError("Only a rating that counts can be released.", status=fresh.status)
        fresh.status, fresh.closed_at = RatingStatus.RELEASED, fresh.closed_at or now
        fresh.save(update_fields=["status", "closed_at"])
        Task.objects.filter(pk=task.pk).update(state=TaskState.OPEN, returned_at=now)
        note_change(fresh)
        record_event(
            actor=actor,
            verb=AuditVerb.RELEASED,
            object_type="rating",
            object_id=fresh.pk,
            campaign=fresh.campaign,
            data={"reason": reason},
        )
    return fresh


def is_open(rating: Rating, now: datetime) -> bool:
    """Whether the author may still change the rating."""
    return (
        rating.status != RatingStatus.RELEASED
        and rating.closed_at is None
        and now < rating.open_until
    )


def append_revision(
    *, rating: Rating, judgement: Judgement, cause: RevisionCause, now: datetime
) -> RatingRevision:
    """Write what the rating says now; the caller has locked its campaign item."""
    shape = rubric_shape(rating.task.rubric_id)
    number = 1
    if rating.current_revision is not None:
        number += rating.current_revision.number
    revision = RatingRevision.objects.create(
        rating=rating,
        number=number,
        client_uuid=judgement.client_uuid,
        cause=cause,
        seconds=judgement.seconds,
        aids=judgement.aids,
        note=judgement.note,
        created_at=now,
    )
    Score.objects.bulk_create(
        Score(
            revision=revision,
            candidate_id=score.candidate_id,
            dimension_id=shape.dimension_ids[score.dimension],
            level=score.level,
            missing_reason=score.missing_reason,
        )
        for score in judgement.scores
    )
    rating.current_revision = revision
    rating.save(update_fields=["current_revision"])
    return revision


def note_change(rating: Rating) -> None:
    """Tell the folding task that the item's counted ratings changed."""
    CampaignItemChange.objects.create(
        campaign_id=rating.campaign_id, campaign_item_id=rating.campaign_item_id
    )


def _lock_item(rating: Rating) -> None:
    CampaignItem.objects.select_for_update(no_key=True).get(pk=rating.campaign_item_id)
