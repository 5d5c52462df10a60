"""What comes after a submit or skip of training, test and review: where the page goes next."""

from dataclasses import dataclass
from datetime import datetime

from annotation_app.enums import AttemptResult, Purpose
from annotation_app.models import Lease, QualificationAttempt
from annotation_app.services.quality.qualifying import settle_attempt
from annotation_app.services.quality.training import close_for_feedback


@dataclass(frozen=True, slots=True)
class NextPage:
    """The name of a page and what its address takes."""

    name: str
    arguments: tuple[object, ...]


def follow_up(*, lease: Lease, now: datetime) -> NextPage | None:
    """Close what feedback will use and say which page follows; None for production and checks."""
    task = lease.task
    slug = task.campaign.slug
    if task.purpose == Purpose.TRAINING:
        rating = task.ratings.filter(annotator=lease.annotator).first()
        if rating is None:
            return None
        close_for_feedback(rating=rating, now=now)
        return NextPage("training-feedback", (slug, rating.client_uuid))
    if task.purpose == Purpose.QUALIFICATION:
        attempt = QualificationAttempt.objects.get(items__task=task)
        settled = settle_attempt(attempt=attempt, now=now)
        is_over = settled.result != AttemptResult.RUNNING
        return NextPage("qualification", (slug,)) if is_over else None
    if task.purpose == Purpose.REVIEW:
        for blind in task.ratings.filter(annotator=lease.annotator):
            close_for_feedback(rating=blind, now=now)
        return NextPage("review-decide", (slug, task.review_case.pk))
    return None
