"""The files of a ZIP archive, which is never unpacked; what else was packed is named truly.

Every archive comes from a stranger: one hostile member condemns the whole.
"""

import posixpath
import stat
import threading
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from django.conf import settings
from typing_extensions import override

from annotation_app.exceptions import InvalidInputError
from annotation_app.services.importing.names import (
    ADDRESS,
    DRIVE,
    NameIndex,
    is_left_beside,
    outside,
    readings,
    spellings,
)
from annotation_app.services.importing.packing import refuse_part, unreadable_archive
from annotation_app.services.importing.trees import FileTree, missing

RATIO_LIMIT = 200  # unpacked to packed; images hardly shrink in an archive
RATIO_FROM = 1_000_000  # bytes; small texts may shrink as they like
UTF8_FLAG, ENCRYPTED_FLAGS = 0x800, 0x1 | 0x40 | 0x2000
UNICODE_PATH, PATH_HEAD = 0x7075, 5  # an extra field: version and checksum before the name
METHODS = {  # what this Python cannot unpack
    1: "Shrink",
    6: "Implode",
    9: "Deflate64",
    20: "Zstandard",
    93: "Zstandard",
    95: "XZ",
    98: "PPMd",
}
READABLE = frozenset(
    {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
)
PLAIN = "Pack the plain folder again."


class ZipTree(FileTree):
    """A ZIP archive, read in place."""

    def __init__(self, path: Path) -> None:
        refuse_part(path)
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise unreadable_archive(path) from error
        try:
            self._members = _checked_members(self._archive)
        except InvalidInputError:
            self._archive.close()
            raise
        self._index = NameIndex()
        for name, member in self._members.items():
            self._index.add(name, _other_names(member))
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


@dataclass(frozen=True, slots=True)
class _Complaint:
    applies: bool
    text: str
    remedy: str = PLAIN


def _checked_members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for member in archive.infolist():
        name = _name(member)
        if name.endswith("/"):
            continue
        total += member.file_size
        plain = str(PurePosixPath(name))
        for complaint in _complaints(member, name, is_known=plain in members):
            if complaint.applies:
                raise InvalidInputError(
                    f"The archive is refused: its member “{name}” {complaint.text}."
                    f" {complaint.remedy}",
                    member=name,
                )
        if not is_left_beside(plain):
            members[plain] = member
    if total > settings.UPLOAD_MAX_BYTES:
        raise InvalidInputError(
            f"The archive unpacks to {total:,} bytes; the limit is"
            f" {settings.UPLOAD_MAX_BYTES:,}. Split it, or import a folder on the server."
        )
    return members


def _complaints(member: zipfile.ZipInfo, name: str, *, is_known: bool) -> Iterator[_Complaint]:
    path = PurePosixPath(name)
    kind = stat.S_IFMT(member.external_attr >> 16)
    too_dense = member.file_size > RATIO_FROM
    too_dense = too_dense and member.file_size > RATIO_LIMIT * member.compress_size
    climbs = path.is_absolute() or ".." in path.parts
    method = METHODS.get(member.compress_type, f"method {member.compress_type}")
    yield _Complaint(
        climbs or bool(ADDRESS.match(name) or DRIVE.match(name)), "leads outside the archive"
    )
    yield _Complaint(
        kind == stat.S_IFLNK, "is a link", "Pack the files that the links lead to (zip without -y)."
    )
    yield _Complaint(kind not in {0, stat.S_IFREG, stat.S_IFLNK}, "is a device, not a file")
    yield _Complaint(
        bool(member.flag_bits & ENCRYPTED_FLAGS),
        "is encrypted",
        "Pack the folder again without a password.",
    )
    yield _Complaint(
        member.compress_type not in READABLE,
        f"is packed by {method}, which cannot be read here",
        "Pack the folder again as a ZIP with the usual method, Deflate.",
    )
    yield _Complaint(too_dense, f"unpacks to over {RATIO_LIMIT} times its size")
    yield _Complaint(is_known, "occurs twice")


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name with forward slashes; `_other_names` tells what else it may be."""
    raw = _raw(member)
    name = member.orig_filename
    if raw is not None:
        name = _unicode_path(member.extra, raw) or raw.decode(_encoding(raw))
    return name.split("\x00")[0].replace("\\", "/")


def _encoding(raw: bytes) -> str:
    """UTF-8 if it can be, as macOS writes it without the mark; else as the standard says."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return "cp437"
    return "utf-8"


def _raw(member: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a name that is not marked as UTF-8; None where it says how it is read."""
    if member.flag_bits & UTF8_FLAG or member.orig_filename.isascii():
        return None
    return member.orig_filename.encode("cp437")


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in the extra field of Info-ZIP, where it belongs to these bytes."""
    position = 0
    while position + 4 <= len(extra):
        kind = int.from_bytes(extra[position : position + 2], "little")
        end = position + 4 + int.from_bytes(extra[position + 2 : position + 4], "little")
        data = extra[position + 4 : end]
        if kind == UNICODE_PATH and len(data) > PATH_HEAD:
            if int.from_bytes(data[1:PATH_HEAD], "little") != zlib.crc32(raw):
                return None
            return data[PATH_HEAD:].decode(errors="replace")
        position = end
    return None


def _other_names(member: zipfile.ZipInfo) -> Iterator[str]:
    """What an unmarked name may say; folders above it also as `_name` gives them."""
    raw = _raw(member)
    if raw is None:
        return
    encoding, parts = _encoding(raw), raw.split(b"/")
    for level in range(len(parts)):
        above = [part.decode(encoding) for part in parts[:level]]
        for spelled in spellings(b"/".join(parts[level:])):
            yield posixpath.normpath("/".join([*above, spelled]).replace("\\", "/"))
