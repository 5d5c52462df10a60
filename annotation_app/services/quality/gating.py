"""The gate before production: which kinds of personal slots an annotator is served now."""

from collections.abc import Callable
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from annotation_app.enums import (
    SEPARATE_PURPOSES,
    AttemptResult,
    CalibrationStep,
    PauseReason,
    Purpose,
)
from annotation_app.exceptions import NothingToDoError
from annotation_app.models import Campaign, QualificationAttempt, User
from annotation_app.selectors.quality.calibration import Calibration, read_calibration
from annotation_app.services.quality.qualifying import settle_attempt
from annotation_app.services.quality.training import open_training_slot
from annotation_app.services.queue.picking import QueueAvailability

Rng = Callable[[], float]

HIDDEN = (Purpose.GOLD, Purpose.REPEAT)


def personal_purposes(standing: QueueAvailability) -> list[str]:
    """Which waiting personal slots come before the queue in production, whenever they wait."""
    apart = {purpose.value for purpose in SEPARATE_PURPOSES.union(HIDDEN)}
    return sorted(set(standing.assigned) - apart)


def hidden_purposes(standing: QueueAvailability, chance: Rng) -> list[str] | None:
    """Which hidden check is due with the next task; None if the campaign has none at all.

    One draw for each task served, so that their share is the plan's and their timing reveals no
    information. The caller serves it instead of production work, but never if none is left.
    """
    if not standing.gold_share and not standing.repeat_share:
        return None
    draw = chance()
    if draw < standing.gold_share:
        return [Purpose.GOLD.value]
    return [Purpose.REPEAT.value] if draw < standing.gold_share + standing.repeat_share else []


def calibration_purpose(*, annotator: User, campaign: Campaign, now: datetime) -> Purpose | None:
    """What an annotator of a gated campaign is served: training, the test, or None for work.

    The next training example is put in their way.

    Raises:
        NothingToDoError: if they must do something else first; the message says what.
    """
    state = read_calibration(annotator=annotator, campaign=campaign, now=now)
    if state.step == CalibrationStep.WORK:
        return None
    if state.step == CalibrationStep.TRAIN:
        open_training_slot(annotator=annotator, campaign=campaign)
        return Purpose.TRAINING
    if state.is_running and not _settled(annotator, campaign, now):
        return Purpose.QUALIFICATION
    state = read_calibration(annotator=annotator, campaign=campaign, now=now)
    raise NothingToDoError(say_next_step(state), step=state.step.value)


def say_next_step(state: Calibration) -> str:
    """What an annotator must do next, in one sentence."""
    if state.step == CalibrationStep.WAIT and state.until is not None:
        when = formats.date_format(timezone.localtime(state.until), "SHORT_DATETIME_FORMAT")
        return _("Your next attempt at the test opens on %(when)s.") % {"when": when}
    if state.step == CalibrationStep.PAUSED:
        return say_pause(state)
    sentences = {
        CalibrationStep.TRAIN: _("Training comes first: a few examples with their answers."),
        CalibrationStep.QUALIFY: _("A short test comes first: start it from your home page."),
        CalibrationStep.EXHAUSTED: _(
            "You have used all your attempts at the test. Your admin decides what happens next."
        ),
    }
    return sentences.get(state.step, _("You are ready to work."))


def say_pause(state: Calibration) -> str:
    """A friendly sentence on why an annotator is paused, and what comes next."""
    reasons = {
        PauseReason.GOLD: _(
            "Your work here is paused: on some items your scores differed from the "
            "agreed ones. This happens and is not your fault. A reviewer will look at "
            "them with you."
        ),
        PauseReason.SPEED: _(
            "Your work here is paused: many items took only a few seconds. Please take "
            "the time that an item needs. A reviewer will reopen it for you."
        ),
        PauseReason.SKIPS: _(
            "Your work here is paused: you skipped many items in a row. Tell your reviewer what "
            "got in the way."
        ),
        PauseReason.STRAIGHT: _(
            "Your work here is paused: on many items in a row, all candidates got the "
            "same scores. That can be right, but rarely is. A reviewer will look at "
            "them with you."
        ),
        PauseReason.DRIFT: _(
            "Your work here is paused: over time your scores have moved away from "
            "other people's scores. This happens to everyone and is not your fault. A "
            "reviewer will look at examples with you."
        ),
    }
    said = reasons.get(PauseReason(state.pause_reason)) if state.pause_reason else None
    said = said or _("Your work here is paused. Your reviewer will contact you.")
    return f"{said} {state.pause_text}".strip()


def _settled(annotator: User, campaign: Campaign, now: datetime) -> bool:
    attempt = QualificationAttempt.objects.filter(
        campaign=campaign, annotator=annotator, result=AttemptResult.RUNNING
    ).first()
    if attempt is None:
        return True
    return settle_attempt(attempt=attempt, now=now).result != AttemptResult.RUNNING
