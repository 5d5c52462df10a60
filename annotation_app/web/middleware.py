"""What every request passes before a view sees it."""

from collections.abc import Callable

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    JsonResponse,
    UnreadablePostError,
)
from django.utils import translation
from django.utils.translation import gettext

from annotation_app.models import User
from annotation_app.web.bodies import declared_length, longest_body, may_send_files
from annotation_app.web.serving.limits import ASKS, ORDINARY

NUL = "\x00"
ESCAPED_NUL = "%00"
CHUNKED = "HTTP_TRANSFER_ENCODING"
BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})  # a proxy may say so of these without any body
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class LimitBodyMiddleware:
    """Answers 413 to a body longer than its address accepts, before any of it is read.

    Django counts ordinary forms while it reads them, but neither files nor what the API reads from
    the stream itself. Strangers may not send files at all. A chunked body, the length of which is
    unknown until its end, would be taken for an empty one: 411 asks for its length.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if CHUNKED in request.META and request.method not in BODILESS:
            return _refuse(request, "Say how long the request is: send a Content-Length.", 411)
        length = declared_length(request)
        if length > ORDINARY:
            longest = longest_body(request)
            if length > longest:
                text = gettext(
                    "The request is too long: at most %(bytes)s bytes are accepted here."
                )
                text %= {"bytes": f"{longest:,}"}
                return _refuse(request, text, 413)
            if not may_send_files(request):
                return _refuse(request, gettext("Sign in before you send a file."), 403)
        if request.META.get(ASKS):  # the server asks before it receives the body
            return HttpResponse(status=204)
        return self._get_response(request)


def _refuse(request: HttpRequest, text: str, status: int) -> HttpResponse:
    """A refusal in the words of the door: the API's programs read JSON."""
    if request.path_info.startswith("/api/"):
        return JsonResponse({"message": text, "details": {}}, status=status)
    return HttpResponse(text, status=status, content_type="text/plain")


class RefuseNulMiddleware:
    """Answers 400 to an address or form with a NUL character, which PostgreSQL cannot store.

    Fields sent with a large file are left to their forms, which refuse it, too: reading them here
    would read the file before the view has checked who may send one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path or ESCAPED_NUL in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(gettext("The address contains an invalid character."))
        if (
            request.content_type in FORMS
            and declared_length(request) <= ORDINARY
            and _holds_nul(request)
        ):
            return HttpResponseBadRequest(gettext("The form contains an invalid character."))
        return self._get_response(request)


def _holds_nul(request: HttpRequest) -> bool:
    try:
        fields = list(request.POST.lists())
    except UnreadablePostError:  # the connection broke: the view finds an empty form
        return False
    return any(NUL in text for name, values in fields for text in (name, *map(str, values)))


class StoredLanguageMiddleware:
    """Uses the language that a signed-in person has chosen, in any browser.

    The cookie serves guests, and people who have chosen none; after it comes the browser's
    preference.
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
    """Keeps answers out of caches unless their view sets how long they may be kept, and by whom.

    Pages and files of this site are for one person: a proxy must not hand them to the next one, nor
    the browser's cache show them after that person signed out. Static files pass further out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
