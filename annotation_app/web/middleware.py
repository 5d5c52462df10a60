"""What every request passes before a view sees it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import translation

from annotation_app.models import User

NUL = "\x00"
ESCAPED_NUL = "%00"


class RefuseNulMiddleware:
    """Answers 400 to an address with a NUL character, which PostgreSQL cannot store or compare."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path or ESCAPED_NUL in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("The address holds a character that cannot be.")
        return self._get_response(request)


class StoredLanguageMiddleware:
    """Speaks the language that a signed-in person has chosen, in whatever browser.

    The cookie serves guests, and people who have chosen none; then the browser's wish holds.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self._get_response(request)
