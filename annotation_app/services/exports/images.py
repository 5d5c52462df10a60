"""Images of an export: copied once each into its folder, or named where they are."""

import os
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage, Storage
from django.utils.translation import gettext as _

from annotation_app.exceptions import InvalidInputError

PATHS_KEPT, CONTENTS_KEPT = 4096, 64


class ImageExporter:
    """Gives every image of an export under construction a path that opens.

    Args:
        folder: of the export; copies go to its `images/`.
        storage: where the served copies are.
        root: of referenced images: "" for the storage's own place; None to copy.
    """

    def __init__(self, folder: Path, storage: Storage, root: str | None = None) -> None:
        self._folder = folder / "images"
        self._storage = storage
        self._root = root
        self._is_local = isinstance(storage, FileSystemStorage)
        # an item's images come up again in each of its pairs; earlier items' do not
        self._placed = lru_cache(PATHS_KEPT)(self._place)
        self._read = lru_cache(CONTENTS_KEPT)(self._content)
        self._local_folder = lru_cache(PATHS_KEPT)(storage.path) if self._is_local else None
        if root is None:
            self._folder.mkdir(exist_ok=True)

    def place(self, image: dict[str, Any]) -> str:
        """See that an image is there; return its path, relative to the export if copied.

        Raises:
            InvalidInputError: if the image's file is missing.
        """
        sha, file = image["sha256"], image["file"]
        try:
            return self._placed(sha, file)
        except FileNotFoundError as error:
            raise InvalidInputError(
                _(
                    "The file %(file)s of image %(image)s is missing from storage. "
                    "Restore it or withdraw the items that show it, then try again."
                )
                % {"file": file, "image": sha[:12]}
            ) from error

    def content(self, image: dict[str, Any]) -> bytes:
        """The bytes of an image's served copy."""
        return self._read(image["file"])

    def _place(self, sha: str, file: str) -> str:
        return self._copy(sha, file) if self._root is None else self._refer(file, self._root)

    def _content(self, file: str) -> bytes:
        with self._storage.open(file, "rb") as opened:
            content: bytes = opened.read()
            return content

    def _refer(self, file: str, root: str) -> str:
        local = self._local_path(file)
        # a Path for each of a hundred thousand images costs seconds
        exists = self._storage.exists(file) if local is None else os.path.isfile(local)  # noqa: PTH113
        if not exists:
            raise FileNotFoundError(file)
        return f"{root.rstrip('/')}/{file}" if root else local or file

    def _local_path(self, file: str) -> str | None:
        """The path of a file on this machine's disk; the storage checks each folder once."""
        if self._local_folder is None:
            return None
        folder, _, name = file.rpartition("/")
        return f"{self._local_folder(folder)}/{name}"

    def _copy(self, sha: str, file: str) -> str:
        """A hard link where storage and export share a disk: no second copy of the bytes."""
        name = f"{sha}.webp"
        target = self._folder / name
        if not target.exists() and not self._linked(file, target):
            half = target.with_suffix(".half")
            with self._storage.open(file, "rb") as source, half.open("wb") as sink:
                shutil.copyfileobj(source, sink)
            half.replace(target)
        return f"images/{name}"

    def _linked(self, file: str, target: Path) -> bool:
        local = self._local_path(file)
        if local is None:
            return False
        try:
            os.link(local, target)
        except FileNotFoundError:
            raise
        except OSError:
            return False
        return True
