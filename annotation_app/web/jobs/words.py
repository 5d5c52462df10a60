"""What a job made, in words: for the job pages alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotation_app.models import Job, User
from annotation_app.policies.jobs import can_open_result

ADDRESS = "url"
UNSAID = frozenset({ADDRESS, "dry_run", "stopped", "judge"})
WORDS = frozenset({"notices"})
NAMES = {
    "annotators": gettext_lazy("Annotators"),
    "bytes": gettext_lazy("Size of all files"),
    "candidates": gettext_lazy("Candidates"),
    "conflicts": gettext_lazy("Items in conflict"),
    "failed": gettext_lazy("Items that failed"),
    "figures": gettext_lazy("Figures recomputed"),
    "groups": gettext_lazy("Groups"),
    "hashes": gettext_lazy("Images listed"),
    "imported": gettext_lazy("Items imported"),
    "items": gettext_lazy("Items"),
    "items_added": gettext_lazy("Items added"),
    "items_without_candidates": gettext_lazy("Items without enough candidates"),
    "lacking": gettext_lazy("Dimensions without scores"),
    "largest_difference": gettext_lazy("Largest difference"),
    "mb_per_second": gettext_lazy("Megabytes per second"),
    "new_images": gettext_lazy("New images"),
    "new_items": gettext_lazy("New items"),
    "not_drawn": gettext_lazy("Scores of candidates that the campaign does not show"),
    "not_taken": gettext_lazy("Items not taken"),
    "notices": gettext_lazy("Please note"),
    "pairs": gettext_lazy("Pairs of candidates"),
    "problem_count": gettext_lazy("Problems"),
    "ratings": gettext_lazy("Ratings"),
    "rows": gettext_lazy("Rows"),
    "scores": gettext_lazy("Scores"),
    "seconds": gettext_lazy("Seconds"),
    "slots": gettext_lazy("Ratings planned"),
    "tasks": gettext_lazy("Tasks reordered"),
    "tasks_added": gettext_lazy("Tasks added"),
    "unchanged": gettext_lazy("Items unchanged"),
    "unreadable": gettext_lazy("Rows that could not be read"),
}


@dataclass(frozen=True)
class Fact:
    """A name and what is so."""

    label: str
    text: str


def job_facts(job: Job, *, with_words: bool) -> list[Fact]:
    """A job's result as named facts, in the reader's language.

    Args:
        job: the job with the result.
        with_words: the reader may learn of items; if false, only figures are given.
    """
    result: Mapping[str, Any] = job.result
    said = [
        Fact(_name(key), _text(key, value))
        for key, value in result.items()
        if key not in UNSAID and value != [] and (with_words or key not in WORDS)
    ]
    if result.get("dry_run"):
        return [
            Fact(_("Check only"), _("nothing was written; an import would give these figures")),
            *said,
        ]
    return said


def made_address(job: Job, user: User) -> str:
    """Where what the job made can be seen; empty if nowhere, or not by this person."""
    address = str(job.result.get(ADDRESS, ""))
    return address if address and can_open_result(user, job) else ""


def _name(key: str) -> str:
    return str(NAMES.get(key, key))


def _text(key: str, value: object) -> str:
    if key == "bytes" and isinstance(value, int):
        return filesizeformat(value)
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if key == "largest_difference" and isinstance(value, (int, float)):
        return f"{value:.1e}"
    if isinstance(value, (int, float)):
        places = 0 if isinstance(value, int) else 1
        return number_format(value, places, force_grouping=True)
    return str(value)
