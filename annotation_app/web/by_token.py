"""Downloads that a program may fetch by their address on the site, with a token for a login."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def login_or_token(view: View[P]) -> View[P]:
    """Let in who is signed in or sends `Authorization: Token …`; others are asked to sign in.

    For views that only read: a request with a token is not asked for a CSRF token.
    """
    for_people = login_required(view)

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.headers.get("Authorization", "").lower().startswith("token"):
            return for_people(request, *args, **kwargs)
        try:
            found = TokenAuthentication().authenticate(request)
        except (AuthenticationFailed, UnicodeDecodeError):
            found = None
        if found is None:
            return _refusal()
        request.user = found[0]
        return view(request, *args, **kwargs)

    return answer


def _refusal() -> HttpResponse:
    said = _("The token is unknown or has expired: create a new one under Preferences, API tokens.")
    headers = {"WWW-Authenticate": "Token"}
    return HttpResponse(f"{said}\n", content_type="text/plain", status=401, headers=headers)
