"""Rules on how people work: very fast answers and skips in a row. A notice first, then a pause."""

from datetime import datetime

from analytics.raters.speed import speed_floor
from annotation_app.enums import (
    LeaseOutcome,
    MembershipStatus,
    NoteKind,
    PauseReason,
    Purpose,
    RatingStatus,
    Role,
)
from annotation_app.models import (
    AnnotatorNote,
    AnnotatorStanding,
    Campaign,
    Lease,
    Membership,
    QualityPlan,
    Rating,
)
from annotation_app.services.quality.notes import write_note
from annotation_app.services.quality.pausing import pause_annotator

POOL = 500  # last ratings of the campaign that the floor of speed looks at
APART = (Purpose.TRAINING, Purpose.QUALIFICATION, Purpose.REVIEW)


def watch_behaviour(*, plan: QualityPlan, annotators: set[int], now: datetime) -> None:
    """Apply the rules to the annotators who worked just now."""
    floor = pool_floor(campaign=plan.campaign, least=plan.fast_least_seconds)
    members = Membership.objects.filter(
        campaign=plan.campaign,
        user__in=annotators,
        role=Role.ANNOTATOR,
        status=MembershipStatus.ACTIVE,
    ).select_related("user", "campaign", "standing")
    for member in members:
        rules = (
            (NoteKind.SPEED, plan.fast_notice, plan.fast_pause, fast_run(member, floor)),
            (NoteKind.SKIPS, plan.skip_notice, plan.skip_pause, skip_run(member)),
        )
        for kind, notice, pause, (length, began) in rules:
            noted = began is not None and _noted_since(member, kind, began)
            if pause and length >= pause and noted:
                pause_annotator(
                    actor=None,
                    membership=member,
                    reason=PauseReason(kind.value),
                    now=now,
                    facts={"in_a_row": length},
                )
                break
            if notice and length >= notice and not noted:
                write_note(actor=None, membership=member, kind=kind, now=now)


def pool_floor(*, campaign: Campaign, least: float) -> float:
    """Seconds under which nobody can have looked: a tenth of the campaign's median."""
    ratings = Rating.objects.filter(campaign=campaign, status=RatingStatus.ACTIVE)
    seconds = ratings.exclude(purpose__in=APART).order_by("-submitted_at")
    return speed_floor(
        list(seconds.values_list("current_revision__seconds", flat=True)[:POOL]), least=least
    )


def fast_run(member: Membership, floor: float) -> tuple[int, datetime | None]:
    """How many of the last answers in a row were too fast, and when that began."""
    ratings = Rating.objects.filter(campaign=member.campaign_id, annotator=member.user_id).exclude(
        purpose__in=APART
    )
    since = _tests_since(member)
    if since is not None:
        ratings = ratings.filter(submitted_at__gte=since)
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
    """How many of the last finished tasks in a row were skipped, and when that began."""
    leases = Lease.objects.filter(
        annotator=member.user_id,
        task__campaign=member.campaign_id,
        outcome__in=(LeaseOutcome.SKIPPED, LeaseOutcome.SUBMITTED),
    )
    since = _tests_since(member)
    if since is not None:
        leases = leases.filter(ended_at__gte=since)
    length, began = 0, None
    for moment, outcome in leases.order_by("-ended_at", "-pk").values_list("ended_at", "outcome")[
        :POOL
    ]:
        if outcome != LeaseOutcome.SKIPPED:
            break
        length, began = length + 1, moment
    return length, began


def _noted_since(member: Membership, kind: NoteKind, moment: datetime) -> bool:
    return AnnotatorNote.objects.filter(
        membership=member, kind=kind, created_at__gte=moment
    ).exists()


def _tests_since(member: Membership) -> datetime | None:
    standing: AnnotatorStanding | None = getattr(member, "standing", None)
    return standing.tests_since if standing else None
