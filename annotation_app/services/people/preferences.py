"""Changing how the site looks to a person."""

from annotation_app.enums import Language, Theme
from annotation_app.models import User


def set_language(*, user: User, language: Language) -> None:
    """Remember a person's language."""
    user.language = language
    user.save(update_fields=["language"])


def set_preferences(*, user: User, language: Language | None, theme: Theme) -> None:
    """Remember a person's language (None: the browser's) and colour scheme."""
    user.language = language or ""
    user.theme = theme
    user.save(update_fields=["language", "theme"])
