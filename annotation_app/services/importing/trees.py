"""Where the files of an import lie: a folder, or an archive that is never unpacked.

Every path comes from a stranger: nothing outside the tree is ever opened.
"""

import re
import stat
import threading
import zipfile
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, cast

from django.conf import settings
from typing_extensions import override

from annotation_app.exceptions import InvalidInputError
from annotation_app.services.images.refusals import ImageRefusedError, Refusal

ADDRESS = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:")  # https://…, also C:
RATIO_LIMIT = 200  # unpacked to packed; images hardly shrink in an archive
RATIO_FROM = 1_000_000  # bytes; small texts may shrink as they like


class FileTree(Protocol):
    """Named files to read from; names are relative POSIX paths."""

    def names(self) -> list[str]:
        """The names of all files, in order."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is such a file, without listing the others."""
        ...

    def open(self, name: str) -> BinaryIO:
        """Open a file of the tree.

        Raises:
            ImageRefusedError: if the name leads outside or to nothing.
        """
        ...

    def location(self, name: str) -> str:
        """Where a file stays when it is registered by reference; empty if it cannot stay."""
        ...

    def close(self) -> None:
        """Give the files back."""
        ...


def read_limited(tree: FileTree, name: str, limit: int) -> bytes:
    """Read a file of at most `limit` bytes.

    Raises:
        ImageRefusedError: if it is outside, missing or longer.
    """
    with tree.open(name) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ImageRefusedError(
            Refusal.TOO_LARGE,
            f"The file “{name}” is over {limit:,} bytes.",
            "Make the image smaller.",
        )
    return data


def check_name(name: str) -> str:
    """Refuse names that are addresses, or that climb.

    Raises:
        ImageRefusedError: with the reason.
    """
    if ADDRESS.match(name):
        raise _outside(name, "is an address; nothing is fetched from other hosts")
    if "\\" in name or "\x00" in name:
        raise _outside(name, "holds a backslash or NUL")
    if ".." in PurePosixPath(name).parts:
        raise _outside(name, "climbs out with “..”")
    return name


def _outside(name: str, why: str) -> ImageRefusedError:
    return ImageRefusedError(
        Refusal.OUTSIDE,
        f"The path “{name}” {why}.",
        "Name a file below the folder of the manifest, with forward slashes.",
    )


def _missing(name: str) -> ImageRefusedError:
    return ImageRefusedError(
        Refusal.MISSING, f"There is no file “{name}”.", "Add the file or correct the path."
    )


class FolderTree(FileTree):
    """A folder of this machine; links that lead out of it are refused."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    @override
    def names(self) -> list[str]:
        files = (path for path in self._root.rglob("*") if path.is_file())
        return sorted(path.relative_to(self._root).as_posix() for path in files)

    @override
    def has(self, name: str) -> bool:
        return (self._root / name).is_file()

    @override
    def open(self, name: str) -> BinaryIO:
        return self._path(name).open("rb")

    @override
    def location(self, name: str) -> str:
        return str(self._path(name))

    @override
    def close(self) -> None:
        """Nothing is held."""

    def _path(self, name: str) -> Path:
        try:
            path = (self._root / check_name(name)).resolve()
            is_inside, is_file = path.is_relative_to(self._root), path.is_file()
        except (OSError, RuntimeError, ValueError) as error:  # too long, looping links
            raise _missing(name[:200]) from error
        if not is_inside:
            raise _outside(name, "leads outside the folder")
        if not is_file:
            raise _missing(name)
        return path


class ZipTree(FileTree):
    """A ZIP archive, read in place. One hostile member condemns the archive."""

    def __init__(self, path: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise InvalidInputError(
                f"{path.name} is no readable ZIP archive. Pack it again."
            ) from error
        try:
            self._members = _checked_members(self._archive)
        except InvalidInputError:
            self._archive.close()
            raise
        self._lock = threading.Lock()

    @override
    def names(self) -> list[str]:
        return sorted(self._members)

    @override
    def has(self, name: str) -> bool:
        return name in self._members

    @override
    def open(self, name: str) -> BinaryIO:
        member = self._members.get(str(PurePosixPath(check_name(name))))
        if member is None:
            if PurePosixPath(name).is_absolute():
                raise _outside(name, "leads outside the archive")
            raise _missing(name)
        with self._lock:
            return cast("BinaryIO", self._archive.open(member))

    @override
    def location(self, name: str) -> str:
        return ""

    @override
    def close(self) -> None:
        self._archive.close()


def _checked_members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for member in archive.infolist():
        if member.is_dir():
            continue
        total += member.file_size
        complaint = _complaint(member, members)
        if complaint:
            raise InvalidInputError(
                f"The archive is refused: its member “{member.filename}” {complaint}."
                " Pack the plain folder again.",
                member=member.filename,
            )
        members[str(PurePosixPath(member.filename))] = member
    if total > settings.UPLOAD_MAX_BYTES:
        raise InvalidInputError(
            f"The archive unpacks to {total:,} bytes; the limit is"
            f" {settings.UPLOAD_MAX_BYTES:,}. Split it, or import a folder on the server."
        )
    return members


def _complaint(member: zipfile.ZipInfo, members: dict[str, zipfile.ZipInfo]) -> str:
    name = PurePosixPath(member.filename)
    kind = stat.S_IFMT(member.external_attr >> 16)
    too_dense = member.file_size > RATIO_FROM
    too_dense = too_dense and member.file_size > RATIO_LIMIT * member.compress_size
    climbs = name.is_absolute() or ".." in name.parts or ADDRESS.match(member.filename) is not None
    complaints = (
        (climbs or "\\" in member.filename, "leads outside the archive"),
        (kind not in {0, stat.S_IFREG}, "is a link or a device, not a file"),
        (bool(member.flag_bits & 1), "is encrypted"),
        (too_dense, f"unpacks to over {RATIO_LIMIT} times its size"),
        (str(name) in members, "occurs twice"),
    )
    return next((text for applies, text in complaints if applies), "")
