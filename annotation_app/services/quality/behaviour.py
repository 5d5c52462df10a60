"""Rules on how people work: fast answers, skips and flat items in a row.

A notice comes first, then a pause.
"""

from datetime import datetime

from django.db.models import QuerySet

from analytics.raters import sprt
from analytics.raters.speed import speed_floor, speed_test
from analytics.raters.sprt import SprtState, Verdict
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
    AnnotatorStatus,
    Campaign,
    Lease,
    Membership,
    QualityPlan,
    Rating,
)
from annotation_app.selectors.quality.straight_lining import straight_lining_run
from annotation_app.services.quality.notes import write_note
from annotation_app.services.quality.pausing import Evidence, pause_annotator

POOL = 500  # last ratings of the campaign that the floor of speed looks at
UNANSWERED = (LeaseOutcome.SKIPPED, LeaseOutcome.RELEASED)
SEPARATE_PURPOSES = (Purpose.TRAINING, Purpose.QUALIFICATION, Purpose.REVIEW)


def watch_behaviour(*, plan: QualityPlan, annotators: set[int], now: datetime) -> None:
    """Apply the rules to the annotators who worked just now."""
    floor = pool_floor(campaign=plan.campaign, least=plan.fast_least_seconds)
    members = Membership.objects.filter(
        campaign=plan.campaign,
        user__in=annotators,
        role=Role.ANNOTATOR,
        status=MembershipStatus.ACTIVE,
    ).select_related("user", "campaign", "annotator_status")
    for member in members:
        if watch_runs(plan=plan, member=member, floor=floor, now=now):
            continue
        watch_share(plan=plan, member=member, floor=floor, now=now)


def watch_runs(*, plan: QualityPlan, member: Membership, floor: float, now: datetime) -> bool:
    """Apply the rules on answers in a row; whether one of them paused the annotator."""
    rules = (
        (NoteKind.SPEED, plan.fast_notice, plan.fast_pause, fast_run(member, floor)),
        (NoteKind.SKIPS, plan.skip_notice, plan.skip_pause, skip_run(member)),
        (NoteKind.STRAIGHT, plan.straight_notice, plan.straight_pause, flat_run(member)),
    )
    for kind, notice, pause, (length, began) in rules:
        noted = began is not None and _noted_since(member, kind, began)
        if pause and length >= pause and noted:
            pause_annotator(
                actor=None,
                membership=member,
                reason=PauseReason(kind.value),
                now=now,
                evidence=Evidence({"in_a_row": length}, since=began),
            )
            return True
        if notice and length >= notice and not noted:
            write_note(actor=None, membership=member, kind=kind, now=now)
    return False


def watch_share(*, plan: QualityPlan, member: Membership, floor: float, now: datetime) -> None:
    """Apply the sequential test on the share of fast answers: a notice, then a second test."""
    if not plan.fast_share:
        return
    notes = AnnotatorNote.objects.filter(membership=member, kind=NoteKind.SPEED)
    since = _tests_since(member)
    noted = (notes.filter(created_at__gte=since) if since else notes).order_by("created_at").last()
    begun = noted.created_at if noted else since
    state = share_test(member=member, floor=floor, too_much=plan.fast_share, since=begun)
    if state.verdict is not Verdict.BAD:
        return
    if noted is None:
        write_note(actor=None, membership=member, kind=NoteKind.SPEED, now=now)
        return
    pause_annotator(
        actor=None,
        membership=member,
        reason=PauseReason.SPEED,
        now=now,
        evidence=Evidence({"answers": state.n, "log_ratio": round(state.log_ratio, 3)}),
    )


def share_test(
    *, member: Membership, floor: float, too_much: float, since: datetime | None
) -> SprtState:
    """Where the test on an annotator's fast answers stands.

    It begins anew every 500 answers, so that one look costs the same late in a campaign.
    """
    ratings = _own_ratings(member, since).order_by("submitted_at", "pk")
    seconds = ratings.values_list("current_revision__seconds", flat=True)
    block = seconds.count() // POOL * POOL
    return sprt.run((one >= floor for one in seconds[block:]), speed_test(too_much))


def pool_floor(*, campaign: Campaign, least: float) -> float:
    """Seconds under which nobody can have looked: a tenth of the campaign's median."""
    ratings = Rating.objects.filter(campaign=campaign, status=RatingStatus.ACTIVE)
    seconds = ratings.exclude(purpose__in=SEPARATE_PURPOSES).order_by("-submitted_at")
    return speed_floor(
        list(seconds.values_list("current_revision__seconds", flat=True)[:POOL]), least=least
    )


def fast_run(member: Membership, floor: float) -> tuple[int, datetime | None]:
    """How many of the last answers in a row were too fast, and when that began."""
    ratings = _own_ratings(member, _tests_since(member))
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
    since = _tests_since(member)
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
        annotator=member.user_id, campaign=member.campaign_id, since=_tests_since(member)
    )


def _own_ratings(member: Membership, since: datetime | None) -> QuerySet[Rating]:
    ratings = Rating.objects.filter(campaign=member.campaign_id, annotator=member.user_id)
    if since is not None:
        ratings = ratings.filter(submitted_at__gte=since)
    return ratings.exclude(purpose__in=SEPARATE_PURPOSES)


def _noted_since(member: Membership, kind: NoteKind, moment: datetime) -> bool:
    return AnnotatorNote.objects.filter(
        membership=member, kind=kind, created_at__gte=moment
    ).exists()


def _tests_since(member: Membership) -> datetime | None:
    standing: AnnotatorStatus | None = getattr(member, "annotator_status", None)
    return standing.tests_since if standing else None
