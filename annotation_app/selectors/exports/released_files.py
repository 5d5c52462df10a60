"""Finding the files of a release by the names that its manifest lists, and no others."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

MANIFEST = "manifest.json"


def find_file(*, folder: str, manifest: Mapping[str, Any], name: str) -> Path | None:
    """Return the path of a listed file; None if the name is not listed or the file is gone.

    Args:
        folder: of the release, below the export root; empty while there is none.
        manifest: its `files` name everything that may be read, except itself.
        name: as asked for.
    """
    if not folder or name not in {*manifest.get("files", {}), MANIFEST}:
        return None
    path = Path(settings.EXPORT_ROOT) / folder / name
    return path if path.is_file() else None
