"""Rules on how people work: fast answers, skips and flat items in a row.

A notice comes first, then a pause.
"""

from datetime import datetime

from analytics.raters import sprt
from analytics.raters.speed import speed_test
from analytics.raters.sprt import SprtState, Verdict
from annotation_app.enums import (
    MembershipStatus,
    NoteKind,
    PauseReason,
    Role,
)
from annotation_app.models import (
    AnnotatorNote,
    Membership,
    QualityPlan,
)
from annotation_app.selectors.quality.behaviour import (
    POOL,
    fast_run,
    flat_run,
    own_ratings,
    pool_floor,
    skip_run,
    tests_since,
)
from annotation_app.services.quality.notes import write_note
from annotation_app.services.quality.pausing import Evidence, pause_annotator


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
    since = tests_since(member)
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
    """The state of the test on an annotator's share of fast answers.

    It restarts every 500 answers, so that one check costs the same late in a campaign.
    """
    ratings = own_ratings(member, since).order_by("submitted_at", "pk")
    seconds = ratings.values_list("current_revision__seconds", flat=True)
    block = seconds.count() // POOL * POOL
    return sprt.run((one >= floor for one in seconds[block:]), speed_test(too_much))


def _noted_since(member: Membership, kind: NoteKind, moment: datetime) -> bool:
    return AnnotatorNote.objects.filter(
        membership=member, kind=kind, created_at__gte=moment
    ).exists()
