"""Answers in the casing that pages of the previous version read; only they are translated."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.views.decorators.csrf import csrf_exempt
from rest_framework.response import Response

# What the version before wrote in camelCase. Its requests were in snake_case already.
EARLIER_NAMES = {
    "client_uuid": "clientUuid",
    "draft_number": "draftNumber",
    "go_to": "goTo",
    "open_until": "openUntil",
    "seconds_left": "secondsLeft",
}
FIRST_ERROR = 400

View = Callable[..., Response]


def in_earlier_casing(view: View) -> View:
    """The same view with its answers named as before; refusals were always named as they are."""

    # DRF checks the token of sessions itself, as for the view within.
    @csrf_exempt
    @wraps(view, assigned=("__name__", "__doc__"), updated=())
    def answered(*args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - the view's own
        answer = view(*args, **kwargs)
        if answer.status_code < FIRST_ERROR:
            answer.data = _renamed(answer.data)
        return answer

    return answered


def _renamed(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {EARLIER_NAMES.get(name, name): _renamed(one) for name, one in value.items()}
