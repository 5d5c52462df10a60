"""Paths that a person types at a command."""

from pathlib import Path

from django.core.management.base import CommandError


def existing(path: Path) -> Path:
    """The path, if it exists.

    Raises:
        CommandError: if it does not; names the folder that a relative path is resolved against.
    """
    if path.exists():
        return path
    hint = "" if path.is_absolute() else f" Relative paths are resolved from {Path.cwd()}."
    raise CommandError(f"There is no file or folder {path}.{hint}")
