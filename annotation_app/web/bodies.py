"""How long the body of a request may be, decided by its address before any of it is read."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from annotation_app.services.benchmarks.predictions import LARGEST as LARGEST_PREDICTIONS
from annotation_app.services.collections.external_sets import LARGEST as LARGEST_LIST
from annotation_app.services.rubrics.guideline_images import LARGEST as LARGEST_IMAGE
from annotation_app.web.serving.limits import ORDINARY

LONGEST = 18  # digits
BESIDE = 1 << 20  # bytes of the other fields and the boundaries around a file


def longest_body(request: HttpRequest) -> int:
    """Bytes that the door of a request takes: more than an ordinary form at uploads alone."""
    try:
        door = resolve(request.path_info).url_name or ""
    except Resolver404:
        return ORDINARY
    uploads = {
        "collection-import": settings.UPLOAD_MAX_BYTES,
        "ratings-imports": settings.UPLOAD_MAX_BYTES,
        "collection-external-sets": LARGEST_LIST,
        "judge-upload": LARGEST_PREDICTIONS,
        "api-judges": LARGEST_PREDICTIONS,
        "guideline-image-add": LARGEST_IMAGE,
    }
    return uploads[door] + BESIDE if door in uploads else ORDINARY


def declared_length(request: HttpRequest) -> int:
    """Bytes that a request says its body has; no more than these are ever read.

    A number of thousands of digits, which Python refuses to read, is as long as any.
    """
    text = request.META.get("CONTENT_LENGTH") or "0"
    if not (text.isascii() and text.isdecimal()):
        return 0
    return int(text[:LONGEST])


def may_send_files(request: HttpRequest) -> bool:
    """Whether the request may carry files: it is signed in, or a program's with a valid token.

    The token is looked up, because a request that passes can fill the server's disk.
    """
    if request.user.is_authenticated:
        return True
    try:
        return TokenAuthentication().authenticate(request) is not None
    except (AuthenticationFailed, UnicodeDecodeError):
        return False
