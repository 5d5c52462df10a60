"""The signed-in person behind a request, and whether it asks for a part of a page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from annotation_app.models import User


def signed_in(request: HttpRequest) -> User:
    """The request's user, typed; views use it behind `login_required`.

    Raises:
        PermissionDenied: if no one is signed in.
    """
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def asks_for_part(request: HttpRequest) -> bool:
    """Whether htmx asks: it swaps a part of the page and wants no other."""
    return bool(HtmxDetails(request))
