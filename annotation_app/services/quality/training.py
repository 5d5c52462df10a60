"""Training: the next example's slot on demand, and the feedback that closes each rating."""

from datetime import datetime

from django.db import transaction

from annotation_app.enums import Design, Purpose, TaskState
from annotation_app.models import Campaign, LessonExample, Rating, Task, User
from annotation_app.selectors.quality.calibration import (
    annotator_membership,
    rated_items,
)
from annotation_app.services.queue.extra_slots import add_personal_slot, lock_items


def open_training_slot(*, annotator: User, campaign: Campaign) -> Task | None:
    """Make sure that the annotator's next training example waits for them; None if none is left."""
    example = next_example(annotator=annotator, campaign=campaign)
    if example is None:
        return None
    with transaction.atomic():
        [item] = lock_items([example.gold_item.campaign_item_id])
        waiting = Task.objects.filter(
            campaign_item=item, purpose=Purpose.TRAINING, assigned_to=annotator
        ).filter(state__in=(TaskState.OPEN, TaskState.LEASED))
        found = waiting.first()
        if found is not None and not _was_skipped(found, annotator):
            return found
        if found is not None:
            waiting.update(state=TaskState.CLOSED, lease_expires_at=None)
        return add_personal_slot(
            campaign_item=item,
            purpose=Purpose.TRAINING,
            design=Design.GOLD,
            annotator=annotator,
        )


def next_example(*, annotator: User, campaign: Campaign) -> LessonExample | None:
    """The first example in the order of the lessons that the annotator has not rated yet."""
    membership = annotator_membership(annotator=annotator, campaign=campaign)
    standing = getattr(membership, "annotator_status", None)
    since = standing.calibrate_since if standing else None
    done = rated_items(annotator=annotator, campaign=campaign, since=since)
    return (
        LessonExample.objects.filter(lesson__campaign=campaign, gold_item__is_active=True)
        .exclude(gold_item__campaign_item__in=done)
        .select_related("lesson", "gold_item")
        .order_by("lesson__ordinal", "ordinal")
        .first()
    )


def close_for_feedback(*, rating: Rating, now: datetime) -> None:
    """Feedback uses the rating: from now on its author cannot change it."""
    Rating.objects.filter(pk=rating.pk, closed_at=None).update(closed_at=now)


def _was_skipped(task: Task, annotator: User) -> bool:
    return task.leases.filter(annotator=annotator, outcome="skipped").exists()
