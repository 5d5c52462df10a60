"""Where the files of a manifest lie: a folder, or a ZIP archive that is read in place."""

from __future__ import annotations

import posixpath
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol, cast
from urllib.parse import unquote

from typing_extensions import override

from analytics.tabular.rows import TableError
from modeling.data import RowError, UnreadablePictureError
from modeling.data.lines import FOUND_IMAGE, missing_images
from modeling.data.pictures import MAX_PIXELS

LARGEST = 4 * MAX_PIXELS  # bytes of a picture in an archive
ZIP = ".zip"
UNPACKING = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)  # the last: it is encrypted
JUNK = "__MACOSX"  # what macOS packs beside the files


class Tree(Protocol):
    """Named files; names are POSIX paths from the tree's top."""

    def names(self) -> list[str]:
        """The names of all files that are not hidden, in order."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is such a file, without listing the others."""
        ...

    def open(self, name: str) -> BinaryIO:
        """Open a file that is there."""
        ...

    def locate(self, folder: str, image: str) -> str:
        """The name of an image that a table in a folder of the tree speaks of.

        Raises:
            RowError: there is no such file.
        """
        ...

    def picture(self, name: str) -> Path | bytes:
        """A located image."""
        ...


class FolderTree(Tree):
    """A folder; paths in its tables may lead out of it."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @override
    def names(self) -> list[str]:
        files = (path for path in self._root.rglob("*") if path.is_file())
        return _visible(path.relative_to(self._root).as_posix() for path in files)

    @override
    def has(self, name: str) -> bool:
        return (self._root / name).is_file()

    @override
    def open(self, name: str) -> BinaryIO:
        return (self._root / name).open("rb")

    @override
    def locate(self, folder: str, image: str) -> str:
        for spelling in _spellings(image):
            name = posixpath.join(folder, spelling)
            if not missing_images({image: self._root / name}):
                return name
        [error] = missing_images({image: self._root / folder / image})
        raise error

    @override
    def picture(self, name: str) -> Path:
        return self._root / name


class ZipTree(Tree):
    """An open ZIP archive; only Parquet tables are unpacked to disk, temporarily."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in archive.infolist():
            name = _plain(member.filename)
            if not member.is_dir() and name in self._members:
                raise TableError(
                    f"{archive.filename} contains {name} twice. Pack the folder again."
                )
            if not member.is_dir():
                self._members[name] = member

    @override
    def names(self) -> list[str]:
        return _visible(self._members)

    @override
    def has(self, name: str) -> bool:
        return name in self._members

    @override
    def open(self, name: str) -> BinaryIO:
        return cast("BinaryIO", self._archive.open(self._members[name]))

    @override
    def locate(self, folder: str, image: str) -> str:
        for spelling in _spellings(image):
            name = _plain(posixpath.join(folder, spelling))
            if name in self._members:
                return name
        raise RowError(f"image {image} is missing from the archive", FOUND_IMAGE)

    @override
    def picture(self, name: str) -> bytes:
        try:
            with unpacking(name), self.open(name) as file:
                data = file.read(LARGEST + 1)
        except TableError as error:
            raise UnreadablePictureError(str(error)) from error
        if len(data) > LARGEST:
            raise UnreadablePictureError(f"{name} is over {LARGEST:,} bytes")
        return data


@contextmanager
def open_tree(path: Path) -> Iterator[Tree]:
    """Open a folder or a ZIP archive.

    Raises:
        TableError: it is not a sound archive; OSError: it cannot be opened.
    """
    if path.is_dir():
        yield FolderTree(path)
        return
    with unpacking(str(path)):
        archive = zipfile.ZipFile(path)
    with archive:
        yield ZipTree(archive)


@contextmanager
def unpacking(name: str) -> Iterator[None]:
    """Say of errors in a packed file which file it is.

    Raises:
        TableError: instead of the errors of `zipfile` and `zlib`.
    """
    try:
        yield
    except UNPACKING as error:
        reason = str(error) or type(error).__name__
        raise TableError(
            f"{name} cannot be unpacked: {reason}. Pack it again, without a password."
        ) from error


def _visible(names: Iterator[str] | dict[str, zipfile.ZipInfo]) -> list[str]:
    return sorted(
        name
        for name in names
        if not any(part == JUNK or part.startswith(".") for part in name.split("/"))
    )


def _spellings(image: str) -> list[str]:
    """What a path may mean: literally, then as Windows, web tools and macOS write it."""
    plain = image.strip()
    slashed = plain.replace("\\", "/")
    meant = (slashed, unquote(slashed))
    accents = [unicodedata.normalize(form, each) for each in meant for form in ("NFC", "NFD")]
    return list(dict.fromkeys((image, plain, *meant, *accents)))


def _plain(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/"))
