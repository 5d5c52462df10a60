"""Training: the next example's slot on demand, and the feedback that closes each rating."""

from datetime import datetime

from django.db import transaction

from annotation_app.enums import Design, Purpose, TaskState
from annotation_app.models import Campaign, Rating, Task, User
from annotation_app.selectors.quality.training import _was_skipped, next_example
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


def close_for_feedback(*, rating: Rating, now: datetime) -> None:
    """Feedback uses the rating: from now on its author cannot change it."""
    Rating.objects.filter(pk=rating.pk, closed_at=None).update(closed_at=now)
