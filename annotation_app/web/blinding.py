"""Refusing a page to people who may still judge the items that it reveals."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from annotation_app.models import Campaign, Item
from annotation_app.selectors.rating.blinding import why_blind, why_blind_elsewhere
from annotation_app.web.requests import signed_in


def refuse_blind(
    request: HttpRequest,
    items: QuerySet[Item],
    *,
    working_in: Campaign | None = None,
    rating_only: bool = False,
) -> None:
    """Return only if the person is blind to none of the items.

    Raises:
        PermissionDenied: with the sentence that the error page shows.
    """
    _refuse(why_blind(signed_in(request), items, working_in=working_in, rating_only=rating_only))


def refuse_blind_elsewhere(request: HttpRequest, campaign: Campaign, item: int) -> None:
    """The same for one's own work in a campaign: only other campaigns blind to it.

    Raises:
        PermissionDenied: as above.
    """
    _refuse(why_blind_elsewhere(signed_in(request), campaign, item))


def _refuse(reason: str) -> None:
    if reason:
        raise PermissionDenied(reason)
