"""How an annotator worked lately: fast answers, skips and flat items in a row."""

from datetime import datetime

from django.db.models import QuerySet

from analytics.raters.speed import speed_floor
from annotation_app.enums import SEPARATE_PURPOSES, LeaseOutcome, RatingStatus
from annotation_app.models import (
    AnnotatorStatus,
    Campaign,
    Lease,
    Membership,
    Rating,
)
from annotation_app.selectors.quality.straight_lining import straight_lining_run

POOL = 500  # last ratings of the campaign that the floor of speed looks at
UNANSWERED = (LeaseOutcome.SKIPPED, LeaseOutcome.RELEASED)


def pool_floor(*, campaign: Campaign, least: float) -> float:
    """Seconds below which no one can have looked: a tenth of the campaign's median."""
    ratings = Rating.objects.filter(campaign=campaign, status=RatingStatus.ACTIVE)
    seconds = ratings.exclude(purpose__in=SEPARATE_PURPOSES).order_by("-submitted_at")
    return speed_floor(
        list(seconds.values_list("current_revision__seconds", flat=True)[:POOL]), least=least
    )


def fast_run(member: Membership, floor: float) -> tuple[int, datetime | None]:
    """How many of the last answers in a row were too fast, and when that began."""
    ratings = own_ratings(member, tests_since(member))
    rows = ratings.order_by("-submitted_at", "-pk").values_list(
        "submitted_at", "current_revision__seconds"
    )
    length, began = 0, None
    for moment, seconds in rows[:POOL]:
        if seconds >= floor:
            break
        length, began = length + 1, moment
    return length, began


def skip_run(member: Membership) -> tuple[int, datetime | None]:
    """How many of the last ended tasks in a row were skipped or given back; when that began."""
    leases = Lease.objects.filter(
        annotator=member.user_id,
        task__campaign=member.campaign_id,
        outcome__in=(*UNANSWERED, LeaseOutcome.SUBMITTED),
    )
    since = tests_since(member)
    if since is not None:
        leases = leases.filter(ended_at__gte=since)
    length, began = 0, None
    for moment, outcome in leases.order_by("-ended_at", "-pk").values_list("ended_at", "outcome")[
        :POOL
    ]:
        if outcome not in UNANSWERED:
            break
        length, began = length + 1, moment
    return length, began


def flat_run(member: Membership) -> tuple[int, datetime | None]:
    """How many of the last items in a row were rated flat, and when that began."""
    return straight_lining_run(
        annotator=member.user_id, campaign=member.campaign_id, since=tests_since(member)
    )


def own_ratings(member: Membership, since: datetime | None) -> QuerySet[Rating]:
    """An annotator's ratings of production, all or from a moment on."""
    ratings = Rating.objects.filter(campaign=member.campaign_id, annotator=member.user_id)
    if since is not None:
        ratings = ratings.filter(submitted_at__gte=since)
    return ratings.exclude(purpose__in=SEPARATE_PURPOSES)


def tests_since(member: Membership) -> datetime | None:
    """When the tests of an annotator began again; None if they never did."""
    status: AnnotatorStatus | None = getattr(member, "annotator_status", None)
    return status.tests_since if status else None
