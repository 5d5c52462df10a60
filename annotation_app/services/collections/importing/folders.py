"""The files of a folder on this machine; a link may not lead out of it.

Every path is untrusted: no file outside the folder is ever opened, except those that a snapshot of
a Hugging Face cache links to, which are in the cache's folder of the same repository.
"""

import os
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from typing_extensions import override

from annotation_app.services.collections.importing.names import (
    NameIndex,
    is_left_beside,
    outside,
    readings,
    spellings,
)
from annotation_app.services.collections.importing.trees import FileTree, missing
from annotation_app.services.images.refusals import ImageRefusedError, Refusal

CACHED = ("datasets--", "models--", "spaces--")  # how a hub cache names a repository's folder
SNAPSHOTS = "snapshots"


class FolderTree(FileTree):
    """A folder; `find` reads each folder's list at most once, and only if a path is not exact."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._home = _repository(self._root)  # what links may lead to
        self._indexes: dict[str, NameIndex] = {}

    @override
    def names(self) -> list[str]:
        files = (path for path in self._root.rglob("*") if path.is_file())
        names = sorted(path.relative_to(self._root).as_posix() for path in files)
        return [name for name in names if not is_left_beside(name)]

    @override
    def find(self, path: str) -> str | None:
        meant = readings(path)
        try:
            for reading in meant:
                if (self._root / reading).is_file():
                    return reading
            return next(filter(None, map(self._search, meant)), None)
        except (OSError, ValueError):  # too long, looping links
            return None

    @override
    def open(self, path: str) -> BinaryIO:
        return self._path(path).open("rb")

    @override
    def location(self, path: str) -> str:
        return str(self._path(path))

    @override
    def close(self) -> None:
        """No file is open, so there is none to close."""

    def _path(self, path: str) -> Path:
        name = self.find(path)
        if name is None:
            raise self._nothing(path)
        real = (self._root / name).resolve()
        if real.is_relative_to(self._root) or real.is_relative_to(self._home):
            return real
        if PurePosixPath(name).is_absolute():
            raise outside(path, "leads outside the folder")
        raise _foreign_link(path)

    def _nothing(self, path: str) -> ImageRefusedError:
        try:
            meant = [self._root / reading for reading in readings(path)]
            if not all(each.is_relative_to(self._root) for each in meant):
                return outside(path, "leads outside the folder")
            if any(each.is_symlink() for each in meant):
                return ImageRefusedError(
                    Refusal.MISSING,
                    f"The file “{path}” is a link to a file that does not exist.",
                    "Put the file itself there, or download the data set again.",
                )
        except (OSError, RuntimeError, ValueError):  # too long, looping links
            pass
        return missing(path[:200])

    def _search(self, reading: str) -> str | None:
        """The file that a path means, each of its parts taken as the folders spell it."""
        if PurePosixPath(reading).is_absolute():
            return None
        found = PurePosixPath()
        for part in PurePosixPath(reading).parts:
            name = self._index(str(found)).find(part)
            if name is None:
                return None
            found /= name
        return str(found) if (self._root / found).is_file() else None

    def _index(self, folder: str) -> NameIndex:
        if folder not in self._indexes:
            index = NameIndex()
            path = self._root / folder
            if path.is_dir() and path.resolve().is_relative_to(self._root):
                for entry in path.iterdir():
                    index.add(entry.name, _spelled(entry.name))
            self._indexes[folder] = index
        return self._indexes[folder]


def _spelled(name: str) -> list[str]:
    """What a name may say that was unpacked without knowing the archive's encoding."""
    if name.isascii():
        return []
    raw = os.fsencode(name)
    try:
        raw = raw.decode().encode("cp437")  # an unpacker took it for the oldest encoding
    except UnicodeEncodeError:
        return []
    except UnicodeDecodeError:
        pass  # it left the bytes alone
    return spellings(raw)


def _repository(root: Path) -> Path:
    """The cache's folder of the repository whose snapshot a folder is; else the folder itself."""
    for snapshots in (root, *root.parents):
        if snapshots.name == SNAPSHOTS and snapshots.parent.name.startswith(CACHED):
            return snapshots.parent
    return root


def _foreign_link(path: str) -> ImageRefusedError:
    return ImageRefusedError(
        Refusal.OUTSIDE,
        f"The file “{path}” is a link that leads outside the folder.",
        "Put the file itself there (cp -L copies what a link leads to).",
    )
