"""Every annotator of a campaign as the quality page lists them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from analytics.limits import FEWEST_FOR_POOL, GOLD_FLOOR
from analytics.raters.gold import BetaPrior, GoldAccuracy, gold_accuracy, pool_prior
from annotation_app.enums import CheckKind, MembershipStatus, Role
from annotation_app.models import (
    Campaign,
    Check,
    CrossCheckDraw,
    Membership,
    QualificationAttempt,
    QualityPlan,
)
from annotation_app.selectors.quality.calibration import Calibration, read_calibration


@dataclass(frozen=True)
class AnnotatorOverview:
    """One annotator's line.

    Attributes:
        member: the membership.
        calibration: the next step.
        gold: posterior accuracy on hidden gold; None before the first answer.
        repeats: hidden repeats rated, and those like the first time.
        checks: cross-checks decided, and those passed.
        attempts: of the qualification test, newest first.
    """

    member: Membership
    calibration: Calibration
    gold: GoldAccuracy | None
    repeats: tuple[int, int]
    checks: tuple[int, int]
    attempts: list[QualificationAttempt]


def annotator_overviews(campaign: Campaign, now: datetime) -> list[AnnotatorOverview]:
    """All annotators who have not left."""
    members = (
        Membership.objects.filter(campaign=campaign, role=Role.ANNOTATOR)
        .exclude(status=MembershipStatus.LEFT)
        .select_related("user", "annotator_status")
        .order_by("user__username")
    )
    gold = _counts(campaign, CheckKind.GOLD)
    repeats = _counts(campaign, CheckKind.REPEAT)
    checks = _cross_checks(campaign)
    prior = _prior(gold)
    attempts: dict[int, list[QualificationAttempt]] = {}
    for attempt in campaign.attempts.order_by("-number"):
        attempts.setdefault(attempt.annotator_id, []).append(attempt)
    states = []
    for member in members:
        k, n = gold.get(member.user_id, (0, 0))
        states.append(
            AnnotatorOverview(
                member=member,
                calibration=read_calibration(annotator=member.user, campaign=campaign, now=now),
                gold=gold_accuracy(k, n, floor=GOLD_FLOOR, prior=prior) if n else None,
                repeats=repeats.get(member.user_id, (0, 0)),
                checks=checks.get(member.user_id, (0, 0)),
                attempts=attempts.get(member.user_id, []),
            )
        )
    return states


def bank_counts(campaign: Campaign, plan: QualityPlan) -> dict[str, int]:
    """How many gold items there are, and how many a test needs over all its attempts."""
    gold = campaign.gold_items.filter(is_active=True)
    return {
        "items": gold.count(),
        "in_lessons": gold.filter(example__isnull=False).count(),
        "needed": plan.attempt_items * plan.most_attempts,
    }


def _prior(gold: dict[int, tuple[int, int]]) -> BetaPrior:
    """The pool's accuracy once there is a pool, else a flat prior."""
    if len(gold) < FEWEST_FOR_POOL:
        return BetaPrior()
    return pool_prior([k for k, _ in gold.values()], [n for _, n in gold.values()])


def _counts(campaign: Campaign, kind: CheckKind) -> dict[int, tuple[int, int]]:
    rows = (
        Check.objects.filter(campaign=campaign, kind=kind)
        .values("annotator")
        .annotate(n=Count("pk"), k=Count("pk", filter=Q(passed=True)))
    )
    return {row["annotator"]: (row["k"], row["n"]) for row in rows}


def _cross_checks(campaign: Campaign) -> dict[int, tuple[int, int]]:
    rows = (
        CrossCheckDraw.objects.filter(campaign=campaign, passed__isnull=False)
        .values("annotator")
        .annotate(n=Count("pk"), k=Count("pk", filter=Q(passed=True)))
    )
    return {row["annotator"]: (row["k"], row["n"]) for row in rows}
