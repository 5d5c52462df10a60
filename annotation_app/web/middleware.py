"""What every request passes before a view sees it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, UnreadablePostError
from django.utils import translation

from annotation_app.models import User

NUL = "\x00"
ESCAPED_NUL = "%00"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class RefuseNulMiddleware:
    """Answers 400 to an address or form with a NUL character, which PostgreSQL cannot store."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path or ESCAPED_NUL in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("The address holds a character that cannot be.")
        if request.content_type in FORMS and _holds_nul(request):
            return HttpResponseBadRequest("The form holds a character that cannot be.")
        return self._get_response(request)


def _holds_nul(request: HttpRequest) -> bool:
    try:
        fields = list(request.POST.lists())
    except UnreadablePostError:  # the connection broke: the view finds an empty form
        return False
    return any(NUL in text for name, values in fields for text in (name, *map(str, values)))


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


class PrivatePagesMiddleware:
    """Keeps answers out of caches unless their view says how long they may be kept, and by whom.

    Pages and files of this site are for one person: a proxy must not hand them to the next one, nor
    the browser's cache show them after that person signed out. Static files pass further out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
