"""Excluding an annotator's work from the count, and restoring what has not been rated again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, RatingStatus, TaskState
from annotation_app.exceptions import ConflictError, InvalidInputError, NothingToDoError
from annotation_app.models import Membership, Rating, Task, User, WorkRelease
from annotation_app.selectors.quality.recent_work import recent_work
from annotation_app.services.audit.events import record_event
from annotation_app.services.queue.extra_slots import lock_items
from annotation_app.services.rating.revisions import note_change, release_rating

LONGEST_REASON = 500


def release_work(
    *,
    actor: User,
    membership: Membership,
    since: datetime | None,
    reason: str,
    now: datetime,
) -> WorkRelease:
    """Release the annotator's counted ratings since a moment; their slots open for others.

    Raises:
        InvalidInputError: without a reason.
        NothingToDoError: if there is nothing to release.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidInputError(_("Give a reason of at most 500 characters."))
    with transaction.atomic():
        ratings = recent_work(membership=membership, since=since)
        if not ratings:
            raise NothingToDoError(_("There are no counted ratings in that period."))
        for rating in ratings:
            release_rating(actor=actor, rating=rating, reason=reason, now=now)
        release = WorkRelease.objects.create(
            membership=membership,
            ratings=[rating.pk for rating in ratings],
            reason=reason,
            released_by=actor,
            released_at=now,
        )
        _note(actor, release, {"ratings": len(ratings), "reason": reason})
    return release


def undo_release(*, actor: User, release: WorkRelease, now: datetime) -> int:
    """Count released ratings again if their slots are neither leased nor filled; returns how many.

    Raises:
        ConflictError: if it was undone before.
    """
    with transaction.atomic():
        fresh = WorkRelease.objects.select_for_update().get(pk=release.pk)
        if fresh.undone_at is not None:
            raise ConflictError(_("This release has already been undone."))
        ratings = Rating.objects.filter(pk__in=fresh.ratings, status=RatingStatus.RELEASED)
        lock_items(ratings.values_list("campaign_item", flat=True))
        restored = [rating for rating in ratings.order_by("pk") if _restore(rating)]
        fresh.undone_at, fresh.restored = now, len(restored)
        fresh.save(update_fields=["undone_at", "restored"])
        _note(actor, fresh, {"restored": len(restored), "of": len(fresh.ratings)})
    return len(restored)


def _restore(rating: Rating) -> bool:
    filled = Task.objects.filter(pk=rating.task_id, state=TaskState.OPEN).update(
        state=TaskState.FILLED
    )
    if filled:
        Rating.objects.filter(pk=rating.pk).update(status=RatingStatus.ACTIVE)
        note_change(rating)
    return bool(filled)


def _note(actor: User, release: WorkRelease, data: dict[str, object]) -> None:
    membership = release.membership
    record_event(
        actor=actor,
        verb=AuditVerb.RELEASED,
        object_type="work_release",
        object_id=release.pk,
        campaign=membership.campaign,
        data={"rater": membership.user.pseudonym, **data},
    )
