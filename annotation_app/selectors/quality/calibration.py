"""An annotator's progress before production: what they must do next, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from annotation_app.enums import (
    AttemptResult,
    CalibrationStep,
    MembershipStatus,
    Purpose,
    RatingStatus,
    Role,
)
from annotation_app.models import (
    AnnotatorStatus,
    Campaign,
    LessonExample,
    Membership,
    QualificationAttempt,
    QualityPlan,
    Rating,
    User,
)

PASSING = (AttemptResult.PASSED, AttemptResult.OVERRIDDEN)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The next step of an annotator.

    Attributes:
        step: what to do.
        done: training examples rated.
        total: training examples in all.
        attempts_left: of the qualification test.
        until: the next attempt may begin then.
        pause_reason: why they are paused.
        pause_text: a person's own words about it.
        is_running: an attempt is under way.
    """

    step: CalibrationStep
    done: int = 0
    total: int = 0
    attempts_left: int = 0
    until: datetime | None = None
    pause_reason: str = ""
    pause_text: str = ""
    is_running: bool = False


def read_calibration(*, annotator: User, campaign: Campaign, now: datetime) -> Calibration:
    """Say what the annotator does next in a campaign."""
    membership = annotator_membership(annotator=annotator, campaign=campaign)
    standing = AnnotatorStatus.objects.filter(membership=membership).first() if membership else None
    if membership is not None and membership.status == MembershipStatus.PAUSED:
        return Calibration(
            CalibrationStep.PAUSED,
            pause_reason=standing.pause_reason if standing else "",
            pause_text=standing.pause_text if standing else "",
        )
    plan = QualityPlan.objects.filter(campaign=campaign).first()
    if plan is None:
        return Calibration(CalibrationStep.WORK)
    since = standing.calibrate_since if standing else None
    if plan.training_required:
        done, total = training_progress(annotator=annotator, campaign=campaign, since=since)
        if done < total:
            return Calibration(CalibrationStep.TRAIN, done=done, total=total)
    if not plan.qualification_required:
        return Calibration(CalibrationStep.WORK)
    return _qualification(plan, annotator, since, now)


def annotator_membership(*, annotator: User, campaign: Campaign) -> Membership | None:
    """The person's membership as an annotator."""
    return Membership.objects.filter(campaign=campaign, user=annotator, role=Role.ANNOTATOR).first()


def training_progress(
    *, annotator: User, campaign: Campaign, since: datetime | None
) -> tuple[int, int]:
    """How many training examples the annotator has rated, and how many there are."""
    examples = LessonExample.objects.filter(lesson__campaign=campaign, gold_item__is_active=True)
    rated = examples.filter(
        gold_item__campaign_item__in=rated_items(
            annotator=annotator, campaign=campaign, since=since
        )
    )
    return rated.count(), examples.count()


def rated_items(*, annotator: User, campaign: Campaign, since: datetime | None) -> list[int]:
    """Campaign items whose training example the annotator has rated since a moment."""
    ratings = Rating.objects.filter(
        campaign=campaign,
        annotator=annotator,
        purpose=Purpose.TRAINING,
        status=RatingStatus.ACTIVE,
    )
    if since is not None:
        ratings = ratings.filter(submitted_at__gte=since)
    return list(ratings.values_list("campaign_item_id", flat=True))


def counted_attempts(
    *, annotator: User, campaign: Campaign, since: datetime | None
) -> list[QualificationAttempt]:
    """The attempts that count now, oldest first: those since the last pass and `since`."""
    attempts = QualificationAttempt.objects.filter(campaign=campaign, annotator=annotator)
    if since is not None:
        attempts = attempts.filter(started_at__gte=since)
    rows = list(attempts.order_by("number"))
    passes = [place for place, row in enumerate(rows) if row.result in PASSING]
    return rows[passes[-1] :] if passes else rows


def _qualification(
    plan: QualityPlan, annotator: User, since: datetime | None, now: datetime
) -> Calibration:
    rows = counted_attempts(annotator=annotator, campaign=plan.campaign, since=since)
    passed = next((row for row in rows if row.result in PASSING), None)
    if passed is not None and _still_holds(plan, annotator, passed, now):
        return Calibration(CalibrationStep.WORK)
    failed = [row for row in rows if row.result == AttemptResult.FAILED]
    left = max(0, plan.most_attempts - len(failed))
    if any(row.result == AttemptResult.RUNNING for row in rows):
        return Calibration(CalibrationStep.QUALIFY, attempts_left=left, is_running=True)
    if left == 0:
        return Calibration(CalibrationStep.EXHAUSTED)
    ended = failed[-1].ended_at if failed else None
    until = ended + timedelta(hours=plan.wait_hours) if ended else None
    if until is not None and now < until:
        return Calibration(CalibrationStep.WAIT, attempts_left=left, until=until)
    return Calibration(CalibrationStep.QUALIFY, attempts_left=left)


def _still_holds(
    plan: QualityPlan, annotator: User, passed: QualificationAttempt, now: datetime
) -> bool:
    campaign = plan.campaign
    if plan.again_after_guideline and passed.guideline_id != campaign.guideline_id:
        return False
    if not plan.absence_days:
        return True
    oldest = now - timedelta(days=plan.absence_days)
    if passed.ended_at is not None and passed.ended_at >= oldest:
        return True
    return Rating.objects.filter(
        annotator=annotator, campaign=campaign, submitted_at__gte=oldest
    ).exists()
