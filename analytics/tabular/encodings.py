"""Which encoding a text file has, and its text with a mark where bytes do not fit it."""

import codecs
import io
from typing import BinaryIO

from typing_extensions import override

from analytics.tabular.rows import TableError

SAMPLE = 1 << 20  # bytes looked at to find the encoding
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FOREIGN = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive", "Save the sheet as CSV, or unpack it."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "Save the sheet as CSV."),
    (b"\x1f\x8b", "packed with gzip", "Unpack it first."),
    (b"PAR1", "a Parquet file", "Give it the ending .parquet."),
    (b"%PDF", "a PDF", "Save the table as CSV."),
)
CHINESE = "gb18030"
PAIRED_FROM = 0xA1  # both bytes of a common Chinese character of GBK lie from here on
UNDECODABLE = "\udcff"  # half a character, which no text contains: marks bytes that do not fit
ENCODE = "Save the file as UTF-8; on the command line its encoding can be declared with --encoding."
ON_ERROR = "editjury-mark"


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODABLE, error.end


codecs.register_error(ON_ERROR, _mark)


def find_encoding(sample: bytes, declared: str | None, name: str) -> tuple[str, str]:
    """Find the encoding of a file from its first bytes.

    Args:
        sample: up to `SAMPLE` bytes.
        declared: the encoding that the owner names, if any.
        name: of the file, for errors.

    Returns:
        The encoding, and a sentence where it is a guess (else empty).

    Raises:
        TableError: the declared encoding is unknown.
    """
    if declared is not None:
        return _declared(sample, declared, name), ""
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            return encoding, ""
    wide = _without_mark(sample)
    if wide:
        return wide, f"{name} is read as {wide.upper()}, which its bytes suggest."
    if _is_utf8(sample) or not _is_paired(sample):
        return "utf-8", ""
    return CHINESE, (
        f"{name} is not UTF-8 and is read as GB18030 (GBK), which its bytes suggest. If names look"
        " wrong, save the file as UTF-8, or declare its encoding with --encoding."
    )


def _declared(sample: bytes, declared: str, name: str) -> str:
    try:
        encoding = codecs.lookup(declared).name
        b"".decode(encoding)
    except (LookupError, ValueError) as error:
        raise TableError(
            f"{name}: the encoding {declared!r} is unknown. Use for example utf-8, utf-16 or gbk."
        ) from error
    return "utf-8-sig" if encoding == "utf-8" and sample.startswith(codecs.BOM_UTF8) else encoding


def _without_mark(sample: bytes) -> str:
    """UTF-16 without a mark, seen by the zero bytes of its ASCII characters; else empty."""
    start = sample[:1000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd > len(start) / 5 and even == 0:
        return "utf-16-le"
    if even > len(start) / 5 and odd == 0:
        return "utf-16-be"
    return ""


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _is_paired(sample: bytes) -> bool:
    """Whether all bytes beyond ASCII come in pairs, as in GBK and hardly anywhere else."""
    place, n_pairs = 0, 0
    while place < len(sample):
        if sample[place] < 0x80:  # noqa: PLR2004 - ASCII
            place += 1
            continue
        if place + 1 == len(sample):
            break
        if min(sample[place : place + 2]) < PAIRED_FROM:
            return False
        n_pairs += 1
        place += 2
    return n_pairs > 0


class _Joined(io.RawIOBase):
    """The bytes that were looked at, then the rest of the file."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = start
        self._rest = rest

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # a buffer, as RawIOBase passes it
        part = self._start[: len(view)] or self._rest.read(len(view))
        self._start = self._start[len(part) :] if self._start else b""
        view[: len(part)] = part
        return len(part)


def open_text(
    file: BinaryIO, name: str, declared: str | None, *, line_ending: str
) -> tuple[io.TextIOWrapper, str, str]:
    """Open a binary file as text.

    Args:
        file: at its beginning; need not be seekable.
        name: of the file, for errors.
        declared: its encoding, if its owner names it.
        line_ending: as `newline` of `open`: empty for all three, kept; or the only one.

    Returns:
        The text, with `UNDECODABLE` for bytes that do not fit; the encoding; a note, or an empty
        text.

    Raises:
        TableError: the file is empty, or the declared encoding unknown.
    """
    sample = file.read(SAMPLE)
    if not sample.strip():
        raise TableError(f"{name} is empty.")
    for mark, kind, remedy in FOREIGN:
        if sample.startswith(mark):
            raise TableError(f"{name} is {kind}, despite its name. {remedy}")
    encoding, note = find_encoding(sample, declared, name)
    whole = io.BufferedReader(_Joined(sample, file), SAMPLE)
    text = io.TextIOWrapper(whole, encoding=encoding, errors=ON_ERROR, newline=line_ending)
    return text, encoding, note


def decodes(check: str) -> bool:
    """Whether a text came of bytes that fit its encoding."""
    return UNDECODABLE not in check
