"""Identifies a file that cannot be read as a ZIP archive, by its content or its name."""

from pathlib import Path

from annotation_app.exceptions import InvalidInputError

MAGICS = (
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
)
TAR_MAGIC, TAR_AT = b"ustar", 257
SUFFIXES = {
    ".rar": "a RAR archive",
    ".7z": "a 7-Zip archive",
    ".tar": "a tar archive",
    ".tgz": "a gzip archive",
    ".gz": "a gzip archive",
    ".bz2": "a bzip2 archive",
    ".xz": "an xz archive",
    ".zst": "a Zstandard archive",
}
LOCAL_HEADER, END, END_SIZE = b"PK\x03\x04", b"PK\x05\x06", 22
LONGEST_COMMENT = 0xFFFF
REPACK = "Unpack it and pack the folder as a ZIP archive."


def archive_kind(name: str) -> str:
    """Which other kind of archive a file's name indicates, with its article; empty for none."""
    return SUFFIXES.get(Path(name).suffix.lower(), "")


def other_archive(label: str, kind: str) -> InvalidInputError:
    """The refusal of an archive of another kind."""
    return InvalidInputError(f"{label} is {kind}, not a ZIP archive. {REPACK}")


def refuse_part(path: Path) -> None:
    """Refuse one file of an archive that was split into several.

    Raises:
        InvalidInputError: if its end says that others come before it.
    """
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - END_SIZE - LONGEST_COMMENT))
            tail = file.read()
    except OSError as error:
        raise _unreadable(path, error) from error
    end = tail.rfind(END)
    if end >= 0 and int.from_bytes(tail[end + 4 : end + 6], "little") not in {0, 0xFFFF}:
        raise InvalidInputError(
            f"{path.name} is one part of an archive in several parts. Pack it again in one."
        )


def unreadable_archive(path: Path) -> InvalidInputError:
    """Why a file that is called a ZIP archive cannot be read as one."""
    try:
        with path.open("rb") as file:
            head = file.read(TAR_AT + len(TAR_MAGIC))
    except OSError as error:
        return _unreadable(path, error)
    kind = next((kind for magic, kind in MAGICS if head.startswith(magic)), "")
    if head[TAR_AT:] == TAR_MAGIC:
        kind = "a tar archive"
    if kind:
        return other_archive(path.name, kind)
    if head.startswith(LOCAL_HEADER):
        return InvalidInputError(
            f"{path.name} is an incomplete or damaged ZIP archive. Copy or upload it again."
        )
    return InvalidInputError(f"{path.name} is not a readable ZIP archive. Pack it again.")


def _unreadable(path: Path, error: OSError) -> InvalidInputError:
    return InvalidInputError(f"{path.name} cannot be read: {error.strerror}. Copy it again.")
