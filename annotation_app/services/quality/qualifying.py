"""The qualification test: drawing an attempt, judging it, and passing a person by hand."""

import random
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from analytics.raters.qualification import DimensionResult, judge_dimension
from analytics.sampling import derive_seed
from annotation_app.enums import (
    AttemptResult,
    AuditVerb,
    CalibrationStep,
    Design,
    LeaseOutcome,
    Purpose,
    RatingStatus,
)
from annotation_app.exceptions import ConflictError, InvalidInputError, NothingToDoError
from annotation_app.models import (
    AttemptItem,
    Campaign,
    GoldItem,
    GuidelineVersion,
    QualificationAttempt,
    Rating,
    User,
)
from annotation_app.selectors.quality.calibration import read_calibration
from annotation_app.selectors.quality.plans import pass_rule, quality_plan
from annotation_app.selectors.quality.qualification import fresh_gold
from annotation_app.selectors.rating.levels import gold_steps, level_steps, revision_steps
from annotation_app.selectors.rubrics.scales import rubric_scales
from annotation_app.services.audit.events import record_event
from annotation_app.services.queue.extra_slots import add_personal_slot, lock_items

LONGEST_REASON = 500


def start_attempt(*, annotator: User, campaign: Campaign, now: datetime) -> QualificationAttempt:
    """Begin an attempt with gold items that the annotator has never seen.

    Raises:
        ConflictError: if no attempt is due; the message says what is due instead.
        NothingToDoError: if the bank has too few fresh items.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=annotator.pk)
        step = read_calibration(annotator=annotator, campaign=campaign, now=now)
        if step.step != CalibrationStep.QUALIFY or step.is_running:
            raise ConflictError(_("You cannot start an attempt right now."))
        number = (
            1 + QualificationAttempt.objects.filter(campaign=campaign, annotator=annotator).count()
        )
        seed = derive_seed(campaign.seed, "attempt", annotator.pk, number) % 2**63
        wanted = quality_plan(campaign).attempt_items
        fresh = fresh_gold(annotator=annotator, campaign=campaign)
        if len(fresh) < wanted:
            raise NothingToDoError(
                _("The test needs more items than are left for you: ask your admin to add some.")
            )
        drawn = random.Random(seed).sample(fresh, wanted)  # noqa: S311 - a seeded draw
        attempt = QualificationAttempt.objects.create(
            campaign=campaign,
            annotator=annotator,
            number=number,
            guideline=_guideline(campaign),
            seed=seed,
            started_at=now,
        )
        _add_items(attempt, drawn)
        record_event(
            actor=annotator,
            verb=AuditVerb.CREATED,
            object_type="attempt",
            object_id=attempt.pk,
            campaign=campaign,
            data={"number": number, "items": [gold.pk for gold in drawn]},
        )
    return attempt


def settle_attempt(*, attempt: QualificationAttempt, now: datetime) -> QualificationAttempt:
    """Judge a running attempt once all its items are rated; else leave it as it is.

    A skipped item counts as not known.
    """
    with transaction.atomic():
        fresh = QualificationAttempt.objects.select_for_update().get(pk=attempt.pk)
        ratings = Rating.objects.filter(
            task__attempt_item__attempt=fresh, status=RatingStatus.ACTIVE
        )
        waiting = fresh.items.exclude(task__ratings__status=RatingStatus.ACTIVE).exclude(
            task__leases__outcome=LeaseOutcome.SKIPPED
        )
        if fresh.result != AttemptResult.RUNNING or waiting.exists():
            return fresh
        results = judge_attempt(fresh)
        passed = all(result.passed for result in results.values())
        fresh.result = AttemptResult.PASSED if passed else AttemptResult.FAILED
        fresh.figures = {key: _figures(result) for key, result in results.items()}
        fresh.ended_at = now
        fresh.save(update_fields=["result", "figures", "ended_at"])
        ratings.filter(closed_at=None).update(closed_at=now)
        record_event(
            actor=None,
            verb=AuditVerb.CHANGED,
            object_type="attempt",
            object_id=fresh.pk,
            campaign=fresh.campaign,
            data={"result": fresh.result, "figures": fresh.figures},
        )
    return fresh


def judge_attempt(attempt: QualificationAttempt) -> dict[str, DimensionResult]:
    """Compare an attempt with the reference, dimension by dimension."""
    campaign = attempt.campaign
    steps, plan = level_steps(campaign.rubric), quality_plan(campaign)
    items = list(attempt.items.select_related("gold_item"))
    right = gold_steps([item.gold_item for item in items], steps)
    said = revision_steps(
        Rating.objects.filter(
            task__in=[item.task_id for item in items], status=RatingStatus.ACTIVE
        ).values_list("current_revision", flat=True),
        steps,
    )
    given = {unit: step for levels in said.values() for unit, step in levels.items()}
    reference = {unit: step for levels in right.values() for unit, step in levels.items()}
    scales = rubric_scales(campaign.rubric)
    keys = dict(campaign.rubric.dimensions.values_list("pk", "key"))
    return {
        key: judge_dimension(
            {unit[0]: step for unit, step in given.items() if unit[1] == dimension},
            {unit[0]: step for unit, step in reference.items() if unit[1] == dimension},
            scales[key],
            pass_rule(plan, key),
        )
        for dimension, key in keys.items()
    }


def pass_by_hand(
    *, actor: User, annotator: User, campaign: Campaign, reason: str, now: datetime
) -> QualificationAttempt:
    """Let an annotator work without (or in spite of) the test, for a reason on record.

    Raises:
        InvalidInputError: if there is no reason, or it is longer than 500 characters.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidInputError(_("Give a reason of at most 500 characters."))
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=annotator.pk)
        attempts = QualificationAttempt.objects.filter(campaign=campaign, annotator=annotator)
        attempts.filter(result=AttemptResult.RUNNING).update(
            result=AttemptResult.FAILED, ended_at=now
        )
        attempt = QualificationAttempt.objects.create(
            campaign=campaign,
            annotator=annotator,
            number=1 + attempts.count(),
            guideline=_guideline(campaign),
            seed=0,
            result=AttemptResult.OVERRIDDEN,
            reason=reason,
            decided_by=actor,
            started_at=now,
            ended_at=now,
        )
        record_event(
            actor=actor,
            verb=AuditVerb.CHANGED,
            object_type="attempt",
            object_id=attempt.pk,
            campaign=campaign,
            data={"result": attempt.result, "reason": reason, "rater": annotator.pseudonym},
        )
    return attempt


def _guideline(campaign: Campaign) -> GuidelineVersion:
    if campaign.guideline is None:
        raise ConflictError(_("The campaign has no guideline yet."))
    return campaign.guideline


def _add_items(attempt: QualificationAttempt, drawn: list[GoldItem]) -> None:
    items = {item.pk: item for item in lock_items(gold.campaign_item_id for gold in drawn)}
    for gold in drawn:
        task = add_personal_slot(
            campaign_item=items[gold.campaign_item_id],
            purpose=Purpose.QUALIFICATION,
            design=Design.GOLD,
            annotator=attempt.annotator,
        )
        AttemptItem.objects.create(attempt=attempt, gold_item=gold, task=task)


def _figures(result: DimensionResult) -> dict[str, Any]:
    return {
        "kappa": result.kappa.estimate.value,
        "kappa_low": result.kappa_low,
        "n": result.within_one.n,
        "within_one": result.within_one.value,
        "within_one_low": result.within_one.low,
        "passed": result.passed,
    }
