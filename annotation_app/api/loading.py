"""Loading what an API address names."""

from django.db.models import QuerySet
from rest_framework.request import Request

from annotation_app.exceptions import NotAllowedError
from annotation_app.models import Campaign, Item, User
from annotation_app.selectors.campaigns.access import Permission, permitted_campaign
from annotation_app.selectors.rating.blinding import why_blind


def person(request: Request) -> User:
    """The signed-in person; DRF has refused everyone else before.

    Raises:
        NotAllowedError: if no one is signed in.
    """
    user = request.user
    if not isinstance(user, User):
        raise NotAllowedError("Sign in first.")
    return user


def load_campaign(request: Request, slug: str, permission: Permission) -> Campaign:
    """The campaign of an address, for the signed-in person.

    Raises:
        Http404: if there is none that they may know of.
    """
    return permitted_campaign(person(request), slug, permission)


def refuse_blind(request: Request, items: QuerySet[Item]) -> None:
    """Let the answer be given only if the person is blind to none of the items.

    Raises:
        NotAllowedError: with the sentence that says why, and what to do.
    """
    reason = why_blind(person(request), items)
    if reason:
        raise NotAllowedError(reason)
