"""What is built from ratings: splits, dataset versions, benchmarks, imports, models."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Split(TextChoices):
    """Which part of a release an item belongs to."""

    TRAIN = "train", _("Train")
    VALIDATION = "validation", _("Validation")
    TEST = "test", _("Test")
    QUARANTINE = "quarantine", _("Quarantine")
    EXCLUDED = "excluded", _("Excluded: in an external set")


# Items in these are in no part of a release: they wait, or an external set has their images.
HELD_BACK_SPLITS = frozenset({Split.QUARANTINE, Split.EXCLUDED})


class BuildState(TextChoices):
    """A dataset or model version's life."""

    BUILDING = "building", _("Building")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class WithdrawalGround(TextChoices):
    """Why an item is withdrawn."""

    LICENCE = "licence", _("Licence")
    PRIVACY = "privacy", _("A person's privacy")
    DEFECT = "defect", _("Defective or unsuitable")


class BenchmarkStage(TextChoices):
    """The stage of a built benchmark."""

    CHECKING = "checking", _("Being checked by the raters")
    PUBLISHED = "published", _("Published")


class JudgeKind(TextChoices):
    """What a judge of a benchmark gives."""

    SCORES = "scores", _("A score per candidate")
    ANSWERS = "answers", _("An answer per pair")
    MODEL = "model", _("Reward model")


class RatingsImportState(TextChoices):
    """An import of ratings' life."""

    READY = "ready", _("Ready")
    RELEASED = "released", _("Released")


class ModelStage(TextChoices):
    """A reward model version's place."""

    CHALLENGER = "challenger", _("Challenger")
    CHAMPION = "champion", _("Champion")
    RETIRED = "retired", _("Retired")
