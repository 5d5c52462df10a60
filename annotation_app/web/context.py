"""What the page shell needs on every page."""

from typing import Any

from django.http import HttpRequest

from annotation_app.enums import Theme


def shell(request: HttpRequest) -> dict[str, Any]:
    """The signed-in person's colour scheme."""
    user = getattr(request, "user", None)
    theme = user.theme if user is not None and user.is_authenticated else Theme.SYSTEM
    return {"theme": theme}
