"""Quality control: gold, qualification, checks, pauses, reviews."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GoldSource(TextChoices):
    """Where an item's reference scores come from."""

    ENTERED = "entered", _("Entered by a person")
    ADJUDICATED = "adjudicated", _("Adjudicated item")


class AttemptResult(TextChoices):
    """How an attempt at the qualification test ended."""

    RUNNING = "running", _("Running")
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Not passed")
    OVERRIDDEN = "overridden", _("Passed by an admin")


class CalibrationStep(TextChoices):
    """What an annotator does next in a campaign."""

    TRAIN = "train", _("Training")
    QUALIFY = "qualify", _("Qualification test")
    WAIT = "wait", _("Wait for the next attempt")
    EXHAUSTED = "exhausted", _("No attempts left")
    PAUSED = "paused", _("Paused")
    WORK = "work", _("Work")


class CheckKind(TextChoices):
    """What a rating is held against."""

    GOLD = "gold", _("Gold")
    REPEAT = "repeat", _("Hidden repeat")


class PauseReason(TextChoices):
    """Why an annotator was paused."""

    GOLD = "gold", _("Gold items")
    SPEED = "speed", _("Very fast answers")
    SKIPS = "skips", _("Many skips in a row")
    STRAIGHT = "straight", _("Same scores for every candidate")
    DRIFT = "drift", _("Drifting scores")
    PERSON = "person", _("By a person")


class NoteKind(TextChoices):
    """What a note to an annotator is about."""

    MESSAGE = "message", _("Message")
    SPEED = "speed", _("Very fast answers")
    SKIPS = "skips", _("Many skips in a row")
    STRAIGHT = "straight", _("Same scores for every candidate")
    DRIFT = "drift", _("Drifting scores")
    RETRAIN = "retrain", _("Retraining")
    RESUMED = "resumed", _("Welcome back")


class RuleAction(TextChoices):
    """What a rule does about what it has found."""

    OFF = "off", _("None: the rule is off")
    NOTICE = "notice", _("A notice to the annotator")
    PAUSE = "pause", _("A pause")


class DisputeReason(TextChoices):
    """Why an item waits for a reviewer."""

    RANGE = "range", _("Scores far apart")
    PREFERENCE = "preference", _("Opposite preferences")
    ENTROPY = "entropy", _("Uncertain score")
    CHECK = "check", _("Failed cross-check")


class ReviewState(TextChoices):
    """A dispute's life."""

    OPEN = "open", _("Open")
    DECIDED = "decided", _("Decided")
