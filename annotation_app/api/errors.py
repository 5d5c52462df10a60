"""One shape for every error of the API."""

from dataclasses import asdict, is_dataclass
from typing import Any

from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from annotation_app.exceptions import (
    AnnotationError,
    ConflictError,
    NotAllowedError,
    NothingToDoError,
)

STATUS_BY_ERROR: dict[type[AnnotationError], int] = {
    NotAllowedError: status.HTTP_403_FORBIDDEN,
    ConflictError: status.HTTP_409_CONFLICT,
    NothingToDoError: status.HTTP_404_NOT_FOUND,
}


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an expected error as `{"message", "details"}`; leave the others to DRF."""
    if not isinstance(error, AnnotationError):
        return exception_handler(error, context)
    code = STATUS_BY_ERROR.get(type(error), status.HTTP_400_BAD_REQUEST)
    return Response({"message": error.message, "details": _plain(error.details)}, status=code)


def _plain(value: Any) -> Any:  # noqa: ANN401 - details of any kind
    """The same with records (a bad row, a problem of a line) as objects of their fields."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
