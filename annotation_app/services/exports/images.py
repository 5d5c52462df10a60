"""Images of an export: copied once each into its folder, or named where they are."""

import os
import shutil
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, Storage

from annotation_app.exceptions import InvalidInputError


class ImageShelf:
    """Gives every image of an export under construction a path that opens.

    Args:
        folder: of the export; copies lie in its `images/`.
        storage: where the served copies are.
        root: of referenced images: "" for the storage's own place; None to copy.
    """

    def __init__(self, folder: Path, storage: Storage, root: str | None = None) -> None:
        self._folder = folder / "images"
        self._storage = storage
        self._root = root
        self._placed: dict[str, str] = {}
        if root is None:
            self._folder.mkdir(exist_ok=True)

    def place(self, image: dict[str, Any]) -> str:
        """See that an image is there; return its path, relative to the export if copied.

        Raises:
            InvalidInputError: if the image's file is missing.
        """
        sha: str = image["sha256"]
        path = self._placed.get(sha)
        if path is None:
            try:
                path = self._copy(image) if self._root is None else self._refer(image["file"])
            except FileNotFoundError as error:
                raise InvalidInputError(
                    f"The file {image['file']} of image {sha[:12]} is missing from the storage. "
                    "Restore it or withdraw the items that show it, then try again."
                ) from error
            self._placed[sha] = path
        return path

    def content(self, image: dict[str, Any]) -> bytes:
        """The bytes of an image's served copy."""
        with self._storage.open(image["file"], "rb") as file:
            content: bytes = file.read()
            return content

    @property
    def count(self) -> int:
        return len(self._placed)

    def _refer(self, file: str) -> str:
        if not self._storage.exists(file):
            raise FileNotFoundError(file)
        if self._root:
            return f"{self._root.rstrip('/')}/{file}"
        local = isinstance(self._storage, FileSystemStorage)
        return self._storage.path(file) if local else file

    def _copy(self, image: dict[str, Any]) -> str:
        """A hard link where storage and export share a disk: no second copy of the bytes."""
        name = f"{image['sha256']}.webp"
        target = self._folder / name
        if not target.exists() and not self._linked(image["file"], target):
            with self._storage.open(image["file"], "rb") as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink)
        return f"images/{name}"

    def _linked(self, file: str, target: Path) -> bool:
        if not isinstance(self._storage, FileSystemStorage):
            return False
        try:
            os.link(self._storage.path(file), target)
        except FileNotFoundError:
            raise
        except OSError:
            return False
        return True
