"""Data the workbench's modules get with their page: its owner, the current work, addresses."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language

from annotation_app.models import Campaign, Lease, User
from annotation_app.payloads.workbench import Work, describe_work
from annotation_app.selectors.rubrics.wording import WordedDimension, describe_rubric
from annotation_app.services.rating.keymaps import keymap_of

ANY = UUID(int=0)  # in the place of a name that the page fills in


class PageData(TypedDict):
    """The page's data; `last` names the last submit where it can be taken back still."""

    person: str
    guideline: int
    keys: dict[str, str]
    rubric: list[WordedDimension]
    works: list[Work]
    last: str | None
    urls: dict[str, str]


def describe_page(
    *,
    user: User,
    campaign: Campaign,
    leases: Iterable[Lease],
    urls: dict[str, str],
    now: datetime,
    last: str | None = None,
) -> PageData:
    """Return the data of a person's page in a campaign, in the language of the request.

    Raises:
        LookupError: if the campaign has no guideline yet, and so no work.
    """
    guideline, language = campaign.guideline, get_language() or "en"
    if guideline is None:
        raise LookupError("there is no work without a guideline")
    return {
        "person": user.pseudonym,
        "guideline": guideline.number,
        "keys": keymap_of(user),
        "rubric": describe_rubric(campaign.rubric_id, guideline.pk, language),
        "works": [describe_work(lease, now=now, language=language) for lease in leases],
        "last": last,
        "urls": {**_addresses(campaign), **urls},
    }


def _addresses(campaign: Campaign) -> dict[str, str]:
    """What every page of the workbench sends to; names follow those of leases and ratings."""
    return {
        "session": reverse("work-session", args=[campaign.slug]),
        "heartbeat": reverse("work-heartbeat"),
        "leases": reverse("work-submit", args=[ANY]).partition(str(ANY))[0],
        "ratings": reverse("work-rating", args=[ANY]).partition(str(ANY))[0],
        "guideline": reverse("guideline", args=[campaign.slug]),
        "sign_in": reverse("account_login"),
    }
