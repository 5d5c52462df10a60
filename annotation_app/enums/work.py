"""Work: lanes of the queue, task states, leases and what a person does."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Lane(TextChoices):
    """Which queue a task waits in: ordered by a model, or reserved for chance."""

    RANKED = "ranked", _("Ranked")
    RESERVED = "reserved", _("Reserved random share")


class PriorityStrategy(TextChoices):
    """What set a task's priority."""

    RANDOM = "random", _("Random")
    HARD = "hard", _("Small predicted gaps")
    BALD = "bald", _("Information gain (BALD)")


class TaskState(TextChoices):
    """A slot's life."""

    OPEN = "open", _("Open")
    LEASED = "leased", _("Leased")
    FILLED = "filled", _("Filled")
    CLOSED = "closed", _("Closed")


class LeaseOutcome(TextChoices):
    """How a lease ended."""

    SUBMITTED = "submitted", _("Submitted")
    SKIPPED = "skipped", _("Skipped")
    EXPIRED = "expired", _("Expired")
    RELEASED = "released", _("Released")


class WorkAction(TextChoices):
    """What a key of the workbench does."""

    LEVEL_1 = "level-1", _("Score 1")
    LEVEL_2 = "level-2", _("Score 2")
    LEVEL_3 = "level-3", _("Score 3")
    LEVEL_4 = "level-4", _("Score 4")
    LEVEL_5 = "level-5", _("Score 5")
    LEVEL_6 = "level-6", _("Score 6")
    LEVEL_7 = "level-7", _("Score 7")
    LEVEL_8 = "level-8", _("Score 8")
    LEVEL_9 = "level-9", _("Score 9")
    LEVEL_10 = "level-10", _("Score 10")
    PREVIOUS = "previous", _("Previous candidate")
    NEXT = "next", _("Next candidate")
    DIMENSION_UP = "dimension-up", _("Dimension above")
    DIMENSION_DOWN = "dimension-down", _("Dimension below")
    SUBMIT = "submit", _("Submit")
    UNDO = "undo", _("Undo the last action")
    CANNOT_JUDGE = "cannot-judge", _("Cannot judge")
    FLAG = "flag", _("Flag the item")
    NOTE = "note", _("Write a note")
    SKIP = "skip", _("Skip the item")
    HELP = "help", _("Show all keys")
    SOURCE = "source", _("Hold to show the source")
    SWIPE = "swipe", _("Swipe")
    DIFFERENCE = "difference", _("Difference map")
    FIT = "fit", _("Fit to the window")
    PIXELS = "pixels", _("One image pixel per screen pixel")
    ZOOM_IN = "zoom-in", _("Zoom in")
    ZOOM_OUT = "zoom-out", _("Zoom out")
    GUIDELINE = "guideline", _("Open the guideline")
    ASK = "ask", _("Ask about the item")
