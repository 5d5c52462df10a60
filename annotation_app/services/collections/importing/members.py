"""The members of a ZIP archive: their names in every spelling, and what makes it unacceptable.

Every archive is untrusted: if one member is hostile, no member is read. `archives` calls this.
"""

import lzma
import posixpath
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings

from annotation_app.exceptions import InvalidInputError
from annotation_app.services.collections.importing.names import (
    ADDRESS,
    DRIVE,
    is_left_beside,
    spellings,
)
from annotation_app.services.images.limits import image_limits
from imaging.errors import UnknownFormatError
from imaging.formats import detect_format

RATIO_LIMIT = 200  # unpacked to packed; images hardly shrink in an archive
RATIO_FROM = 1_000_000  # bytes; small texts may shrink as they like
HEAD = 64  # bytes that tell a format
UNPACKING_ERRORS = (
    OSError,
    EOFError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
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


@dataclass(frozen=True, slots=True)
class _Complaint:
    applies: bool
    text: str
    remedy: str = PLAIN


def checked_members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files of an archive by their names, except those that operating systems add.

    Raises:
        InvalidInputError: if a member is hostile or cannot be unpacked, or all are too much.
    """
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
                raise _refused(name, complaint.text, complaint.remedy)
        if _is_dense(member) and not _is_picture(archive, member):
            raise _refused(name, f"unpacks to over {RATIO_LIMIT} times its size", PLAIN)
        if not is_left_beside(plain):
            members[plain] = member
    if total > settings.UPLOAD_MAX_BYTES:
        raise InvalidInputError(
            f"The archive unpacks to {total:,} bytes; the limit is"
            f" {settings.UPLOAD_MAX_BYTES:,}. Split it, or import a folder on the server."
        )
    return members


def _refused(name: str, text: str, remedy: str) -> InvalidInputError:
    message = f"The archive is refused: its member “{name}” {text}. {remedy}"
    return InvalidInputError(message, member=name)


def _is_dense(member: zipfile.ZipInfo) -> bool:
    dense = member.file_size > RATIO_LIMIT * member.compress_size
    return dense and member.file_size > RATIO_FROM


def _is_picture(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a dense member begins as an image that is not too long to be looked at.

    One that is stored without packing, as BMP, shrinks that far where it is flat; decoding
    refuses what only begins like one.
    """
    try:
        with archive.open(member) as file:
            detect_format(file.read(HEAD))
    except (UnknownFormatError, *UNPACKING_ERRORS):
        return False
    return member.file_size <= image_limits().file_bytes


def _complaints(member: zipfile.ZipInfo, name: str, *, is_known: bool) -> Iterator[_Complaint]:
    path = PurePosixPath(name)
    kind = stat.S_IFMT(member.external_attr >> 16)
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
        f"is compressed with {method}, which is not supported",
        "Pack the folder again as a ZIP with the usual method, Deflate.",
    )
    yield _Complaint(is_known, "occurs twice")


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name with forward slashes; `other_names` gives what else it may be."""
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
    """The bytes of a name that is not marked as UTF-8; None if it says how it is read."""
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


def other_names(member: zipfile.ZipInfo) -> Iterator[str]:
    """What an unmarked name may say; folders above it also as `checked_members` gives them."""
    raw = _raw(member)
    if raw is None:
        return
    encoding, parts = _encoding(raw), raw.split(b"/")
    for level in range(len(parts)):
        above = [part.decode(encoding) for part in parts[:level]]
        for spelled in spellings(b"/".join(parts[level:])):
            yield posixpath.normpath("/".join([*above, spelled]).replace("\\", "/"))
