"""Plotly's own JavaScript out of the installed wheel, as one static file; its rules about style."""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage
from typing_extensions import override

FILE = "plotly.min.js"
PREFIX = "plotly"
NAME = f"{PREFIX}/{FILE}"
SHEET_ID = re.compile(r'getElementById\("([0-9a-f]{64})"\)')


class PlotlyFinder(BaseFinder):
    """Finds `plotly/plotly.min.js`; no other file of the package is served."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the base's signature
        super().__init__(*args, **kwargs)
        self._storage = FileSystemStorage(location=_folder())
        self._storage.prefix = PREFIX  # type: ignore[attr-defined]  # where collectstatic looks

    @override
    def check(self, **kwargs: Any) -> list[Any]:
        return []

    @override
    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [str(_folder() / FILE)] if path == NAME else []
        return found if find_all else next(iter(found), [])

    @override
    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        yield FILE, self._storage


@lru_cache(maxsize=1)
def bundled_sheet_id() -> str:
    """Id of the style element that the bundle's map library adds, unless there is one already.

    The site's policy forbids such elements, and no map is drawn: an empty element of that id
    keeps the bundle from trying. Empty if the bundle adds none.
    """
    found = SHEET_ID.search((_folder() / FILE).read_text(encoding="utf-8"))
    return found.group(1) if found else ""


def _folder() -> Path:
    """The wheel's folder, found without importing the package."""
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("plotly is not installed: see requirements.txt")
    return Path(next(iter(spec.submodule_search_locations))) / "package_data"
