"""Campaigns: states, sampling, what items and candidates are for."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CampaignState(TextChoices):
    """The state of a campaign."""

    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", _("Finished")


class SamplingStrategy(TextChoices):
    """How k of n candidates are drawn for an item."""

    UNIFORM = "uniform", _("Uniform random")
    BALANCED = "balanced", _("Balanced over generators")


class Purpose(TextChoices):
    """What a task's rating is for."""

    PRODUCTION = "production", _("Production")
    BENCHMARK = "benchmark", _("Benchmark")
    CROSS_CHECK = "cross_check", _("Cross-check")
    GOLD = "gold", _("Gold")
    REPEAT = "repeat", _("Repeat")
    RERATE = "rerate", _("Re-rating")
    PILOT = "pilot", _("Pilot")
    TRAINING = "training", _("Training")
    QUALIFICATION = "qualification", _("Qualification")
    REVIEW = "review", _("Review")


# Purposes whose ratings must come from different annotators, else agreement is an echo.
INDEPENDENT_PURPOSES = frozenset(
    {Purpose.PRODUCTION, Purpose.BENCHMARK, Purpose.CROSS_CHECK, Purpose.RERATE, Purpose.PILOT}
)
# Purposes whose scores are data: they count in agreement, final scores and exports.
DATA_PURPOSES = frozenset(
    {Purpose.PRODUCTION, Purpose.BENCHMARK, Purpose.CROSS_CHECK, Purpose.RERATE}
)

# Purposes with pages and queues of their own, never among production.
SEPARATE_PURPOSES = frozenset({Purpose.TRAINING, Purpose.QUALIFICATION, Purpose.REVIEW})


class Design(TextChoices):
    """How a slot came to be drawn; agreement's headline uses `random` only."""

    RANDOM = "random", _("Random")
    ACTIVE = "active", _("Active")
    CSP = "csp", _("CSP-1 cross-check")
    GOLD = "gold", _("Gold")
    REPEAT = "repeat", _("Repeat")
    RERATE = "rerate", _("Re-rating")
    ADJUDICATION = "adjudication", _("Adjudication")
    IMPORTED = "imported", _("Imported")


# Stored beside the designs: the figures over every counted rating, whatever its design.
ALL_DESIGNS = "all"


class Facet(TextChoices):
    """What the live figures of agreement are sliced by."""

    POOLED = "pooled", _("All together")
    CATEGORY = "category", _("Category")
    SOURCE = "source", _("Source dataset")
    GENERATOR = "generator", _("Generator")
    GUIDELINE = "guideline", _("Guideline version")
    DAY = "day", _("Day")
