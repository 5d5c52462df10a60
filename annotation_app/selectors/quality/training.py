"""The training example that is next for an annotator."""

from annotation_app.models import Campaign, LessonExample, Task, User
from annotation_app.selectors.quality.calibration import (
    annotator_membership,
    rated_items,
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


def _was_skipped(task: Task, annotator: User) -> bool:
    return task.leases.filter(annotator=annotator, outcome="skipped").exists()
