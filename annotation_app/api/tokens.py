"""Signing in by token: for reading results, never for rating."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request
from typing_extensions import override

WORK = ("/api/v1/work/", "/api/work/")  # the second: addresses of the version before


class ResultsToken(TokenAuthentication):
    """A token of the person's own making; the workbench's endpoints refuse it."""

    @override
    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        try:
            found: tuple[Any, Any] | None = super().authenticate(request)
        except UnicodeDecodeError as error:
            raise AuthenticationFailed(_("This is not a valid token.")) from error
        if found is not None and request.path.startswith(WORK):
            raise PermissionDenied(_("A token cannot submit ratings: people do that on the page."))
        return found


class ResultsTokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]  # the base's hook
    """How the API's schema describes the token."""

    target_class = "annotation_app.api.tokens.ResultsToken"
