"""The rule on drift: a CUSUM of each annotator's residuals; a notice or a pause when it alarms."""

from dataclasses import dataclass
from datetime import datetime

from analytics.raters.cusum import CusumPlan, cusum, plan_for, sequential_ranks
from analytics.raters.residuals import Course
from annotation_app.enums import (
    MembershipStatus,
    NoteKind,
    PauseReason,
    Role,
    RuleAction,
)
from annotation_app.models import AnnotatorNote, Membership, QualityPlan
from annotation_app.selectors.quality.residual_series import (
    course_since,
    moment_of,
    residual_series,
)
from annotation_app.services.quality.notes import write_note
from annotation_app.services.quality.pausing import Evidence, pause_annotator


@dataclass(frozen=True)
class FoundDrift:
    """A drift on one dimension.

    Attributes:
        dimension: its key.
        onset: when it is estimated to have begun.
        rising: the scores went up against the others'.
        n_items: items with overlap until the alarm.
    """

    dimension: str
    onset: datetime
    rising: bool
    n_items: int


def drift_rule(plan: QualityPlan, dimensions: int) -> CusumPlan:
    """The rule on one dimension; all together keep the stated false alarms."""
    return plan_for(float(plan.drift_run_length * max(1, dimensions)))


def watch_drift(*, plan: QualityPlan, now: datetime) -> dict[int, FoundDrift]:
    """Check every active annotator's whole course and act by the plan; returns who drifts.

    Ratings that other people add later change a course, so it is read again each time.
    """
    if plan.drift_action == RuleAction.OFF:
        return {}
    courses = residual_series(plan.campaign)
    rule, found = drift_rule(plan, len(courses)), {}
    members = Membership.objects.filter(
        campaign=plan.campaign, role=Role.ANNOTATOR, status=MembershipStatus.ACTIVE
    ).select_related("user", "campaign", "annotator_status")
    for member in members:
        standing = getattr(member, "annotator_status", None)
        since = standing.tests_since if standing else None
        drifts = [
            drift
            for key, by_rater in courses.items()
            if member.user_id in by_rater
            and (drift := find_drift(key, course_since(by_rater[member.user_id], since), rule))
        ]
        if drifts:
            found[member.user_id] = min(drifts, key=lambda drift: drift.onset)
            _act(plan, member, found[member.user_id], now)
    return found


def find_drift(dimension: str, course: Course, rule: CusumPlan) -> FoundDrift | None:
    """Run the rule over one annotator's residuals on one dimension."""
    course_of = cusum(sequential_ranks(course.residuals), mean=0, deviation=1, plan=rule)
    if course_of.alarm is None or course_of.onset is None:
        return None
    return FoundDrift(
        dimension=dimension,
        onset=moment_of(float(course.times[course_of.onset])),
        rising=bool(course_of.rising),
        n_items=course_of.alarm + 1,
    )


def _act(plan: QualityPlan, member: Membership, drift: FoundDrift, now: datetime) -> None:
    if plan.drift_action == RuleAction.PAUSE:
        pause_annotator(
            actor=None,
            membership=member,
            reason=PauseReason.DRIFT,
            now=now,
            evidence=Evidence(
                {
                    "dimension": drift.dimension,
                    "onset": drift.onset.isoformat(),
                    "rising": drift.rising,
                    "items": drift.n_items,
                },
                since=drift.onset,
            ),
        )
        return
    notes = AnnotatorNote.objects.filter(membership=member, kind=NoteKind.DRIFT)
    if not notes.filter(created_at__gte=drift.onset).exists():
        write_note(actor=None, membership=member, kind=NoteKind.DRIFT, now=now)
