"""What the page shell needs on every page."""

from typing import Any

from django.http import HttpRequest

from annotation_app.enums import Theme
from annotation_app.models import User
from annotation_app.selectors.memberships import sees_results_anywhere


def shell(request: HttpRequest) -> dict[str, Any]:
    """The person's colour scheme and whether the admin pages are for them."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"theme": Theme.SYSTEM, "shell_sees_jobs": False}
    return {"theme": user.theme, "shell_sees_jobs": sees_results_anywhere(user)}
