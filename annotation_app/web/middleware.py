"""What every request passes before a view sees it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

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
