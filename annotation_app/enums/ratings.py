"""Ratings: their states, missing scores, flags, revisions and where a score came from."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RatingStatus(TextChoices):
    """Whether a rating counts."""

    ACTIVE = "active", _("Active")
    SUPERSEDED = "superseded", _("Superseded")
    RELEASED = "released", _("Released")


class MissingReason(TextChoices):
    """Why a score is missing."""

    IMAGE_BROKEN = "image_broken", _("Image is not displayed")
    INSTRUCTION_UNCLEAR = "instruction_unclear", _("Instruction cannot be understood")
    OUTSIDE_KNOWLEDGE = "outside_knowledge", _("Needs knowledge I do not have")
    UNSAFE = "unsafe", _("Unsafe content")
    OTHER = "other", _("Other")


class FlagKind(TextChoices):
    """Why an item was flagged."""

    UNSAFE = "unsafe", _("Unsafe content")
    BROKEN = "broken", _("Broken image")
    AMBIGUOUS = "ambiguous", _("Ambiguous instruction")
    PERSONAL_DATA = "personal_data", _("Personal data")


class FlagSource(TextChoices):
    """Who or what flagged an item."""

    ANNOTATOR = "annotator", _("Annotator")
    IMPORT = "import", _("Screening at import")


class FlagOutcome(TextChoices):
    """What became of a flag."""

    RESOLVED = "resolved", _("No action")
    WITHDRAWN = "withdrawn", _("Item withdrawn")
    DISCUSSED = "discussed", _("Sent to discussion")


class RevisionCause(TextChoices):
    """Why a revision of a rating was written."""

    SUBMIT = "submit", _("Submit")
    EDIT = "edit", _("Edit")
    UNDO = "undo", _("Undo")
    IMPORT = "import", _("Import")


class Provenance(TextChoices):
    """Where a final score comes from."""

    ADJUDICATED = "adjudicated", _("Adjudicated")
    SINGLE = "single", _("Single rating")
    MEAN = "mean", _("Exact mean")
