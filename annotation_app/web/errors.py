"""The page for what failed on our side: a sentence with the cause where the cause is known."""

import errno
import sys
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
BROKEN = frozenset({errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE})
DISK_FULL = "53100"  # PostgreSQL's own word for it
AGAIN_AFTER = "10"  # seconds


class FileGoneError(Http404):
    """A file that a row names is no longer there; its words are shown."""


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is not there; of a file that is gone say so."""
    if not isinstance(exception, FileGoneError):
        return page_not_found(request, exception)
    page = render_to_string("503.html", {"sentence": str(exception)})
    return HttpResponse(page, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an error that no view expected: 503 where the machine is at fault, else 500.

    Django calls it while the error is being handled. It asks neither the database nor the session,
    which may be what failed.
    """
    sentence = explain(sys.exc_info()[1])
    status = 500 if sentence is None else 503
    words = sentence or _("Something went wrong on our side. Try again in a moment.")
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse({"message": words, "details": {}}, status=status)
    elif sentence is None:
        response = HttpResponse(render_to_string("500.html"), status=status)
    else:
        page = render_to_string("503.html", {"sentence": sentence})
        response = HttpResponse(page, status=status)
    if status != 500:  # noqa: PLR2004 - HTTP's own number
        response["Retry-After"] = AGAIN_AFTER
    return response


def explain(error: BaseException | None) -> str | None:
    """What is wrong with the machine, as a sentence; None for a fault of the program."""
    for cause in _causes(error):
        if _is_full(cause):
            return _(
                "The server's disk is full, so this was not saved. The operator has to "
                "free some space; then try again."
            )
        if isinstance(cause, OSError) and cause.errno in BROKEN:
            return _(
                "The server cannot read or write its files, so this was not saved. The "
                "operator has to check its disk; then try again."
            )
        if isinstance(cause, OperationalError | InterfaceError):
            return _(
                "The database is not responding at the moment. What you have submitted "
                "is safe; try again in half a minute."
            )
    return None


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in FULL
    original = error.__cause__
    return getattr(original, "sqlstate", None) == DISK_FULL


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
