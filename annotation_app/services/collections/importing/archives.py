"""The files of a ZIP archive, which is read in place and never unpacked."""

import threading
import zipfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from typing_extensions import override

from annotation_app.exceptions import InvalidInputError
from annotation_app.services.collections.importing.members import checked_members, other_names
from annotation_app.services.collections.importing.names import NameIndex, outside, readings
from annotation_app.services.collections.importing.packing import refuse_part, unreadable_archive
from annotation_app.services.collections.importing.trees import FileTree, missing


class ZipTree(FileTree):
    """A ZIP archive of a stranger; one hostile member condemns the whole."""

    def __init__(self, path: Path) -> None:
        refuse_part(path)
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise unreadable_archive(path) from error
        try:
            self._members = checked_members(self._archive)
        except InvalidInputError:
            self._archive.close()
            raise
        self._index = NameIndex()
        for name, member in self._members.items():
            self._index.add(name, other_names(member))
        self._lock = threading.Lock()

    @override
    def names(self) -> list[str]:
        return sorted(self._members)

    @override
    def find(self, path: str) -> str | None:
        meant = readings(path)
        exact = next((reading for reading in meant if reading in self._members), None)
        return exact or next(filter(None, map(self._index.find, meant)), None)

    @override
    def open(self, path: str) -> BinaryIO:
        name = self.find(path)
        if name is None:
            if PurePosixPath(path.replace("\\", "/")).is_absolute():
                raise outside(path, "leads outside the archive")
            raise missing(path)
        with self._lock:
            return cast("BinaryIO", self._archive.open(self._members[name]))

    @override
    def location(self, path: str) -> str:
        return ""

    @override
    def close(self) -> None:
        self._archive.close()
