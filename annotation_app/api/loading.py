"""Loading what an API address names."""

from rest_framework.request import Request

from annotation_app.exceptions import NotAllowedError
from annotation_app.models import Campaign, User
from annotation_app.selectors.access import Permission, permitted_campaign


def person(request: Request) -> User:
    """The signed-in person; DRF has refused everyone else before.

    Raises:
        NotAllowedError: if nobody is signed in.
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
