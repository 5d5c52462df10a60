"""Images of an export: copied once each into its folder, by the hash of their pixels."""

import os
import shutil
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, Storage


class ImageShelf:
    """The `images/` folder of an export under construction."""

    def __init__(self, folder: Path, storage: Storage) -> None:
        self._folder = folder / "images"
        self._folder.mkdir(exist_ok=True)
        self._storage = storage
        self._placed: set[str] = set()

    def place(self, image: dict[str, Any]) -> str:
        """Put an image in the folder; return its path relative to the export."""
        name = f"{image['sha256']}.webp"
        if name not in self._placed:
            target = self._folder / name
            if not target.exists():
                self._copy(image["file"], target)
            self._placed.add(name)
        return f"images/{name}"

    @property
    def count(self) -> int:
        return len(self._placed)

    def _copy(self, file: str, target: Path) -> None:
        """A hard link where storage and export share a disk: no second copy of the bytes."""
        if isinstance(self._storage, FileSystemStorage):
            try:
                os.link(self._storage.path(file), target)
            except OSError:
                pass
            else:
                return
        with self._storage.open(file, "rb") as source, target.open("wb") as sink:
            shutil.copyfileobj(source, sink)
