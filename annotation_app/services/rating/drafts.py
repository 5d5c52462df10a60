"""Unsent work: the scores given so far, kept on the lease through reloads, crashes and expiry."""

import json
from typing import Any

from django.utils.translation import gettext as _

from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Lease

LARGEST_DRAFT = 20_000  # characters of JSON


def save_draft(*, lease: Lease, draft: dict[str, Any], number: int) -> int:
    """Keep a draft unless a later one is stored already; return the number of the stored one.

    Args:
        lease: the lease that the draft belongs to.
        draft: scores by position and what else the page needs to resume.
        number: rises with every change in the client, so that requests may overtake each other.

    Raises:
        InvalidInputError: if the draft is too large or the number is not positive.
    """
    if number < 1 or len(json.dumps(draft)) > LARGEST_DRAFT:
        raise InvalidInputError(
            _("A draft needs a number of at least 1 and may have at most %(most)s characters.")
            % {"most": LARGEST_DRAFT}
        )
    is_newer = Lease.objects.filter(pk=lease.pk, draft_number__lt=number).update(
        draft=draft, draft_number=number
    )
    if is_newer:
        return number
    return Lease.objects.values_list("draft_number", flat=True).get(pk=lease.pk)
