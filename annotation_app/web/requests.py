"""The signed-in person behind a request."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from annotation_app.models import User


def signed_in(request: HttpRequest) -> User:
    """The request's user, typed; views use it behind `login_required`.

    Raises:
        PermissionDenied: if nobody is signed in.
    """
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user
