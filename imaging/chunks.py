"""The parts of a PNG file that make its pixels; texts and notes besides them are left out.

Programs keep whole workflows there, longer than Pillow agrees to read. Chunks that ask for another
rendering (gAMA, cHRM, cICP) are left out too: only an embedded profile moves colours.
"""

import zlib

from imaging.errors import ChecksumError, TruncatedError

SIGNATURE_SIZE, FRAME_SIZE = 8, 12  # a chunk's length, kind and checksum
PIXELS = frozenset(
    {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf", b"acTL", b"fcTL", b"fdAT"}
)
TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
ORIENTING = (b"XML:com.adobe.xmp\x00\x00", b"Raw profile type exif\x00")  # may tell what is up
LONGEST_NOTE = 1_000_000  # bytes; what Pillow reads
LONGEST_PROFILE = 4_000_000  # bytes; the largest in use have three million


def bare_png(data: bytes) -> tuple[bytes, bytes, int]:
    """A PNG without the parts that do not affect its pixels.

    Returns:
        The file, the bytes of its colour profile (empty for none), and where the original ends.

    Raises:
        TruncatedError: if it ends too early.
        ChecksumError: if a part that matters has a wrong checksum.
    """
    view, kept, profile = memoryview(data), [data[:SIGNATURE_SIZE]], b""
    position = SIGNATURE_SIZE
    while True:
        if position + FRAME_SIZE > len(data):
            raise TruncatedError
        end = position + FRAME_SIZE + int.from_bytes(data[position : position + 4], "big")
        if end > len(data):
            raise TruncatedError
        kind, content = data[position + 4 : position + 8], view[position + 8 : end - 4]
        if kind == b"iCCP":
            profile = profile or _profile(bytes(content))
        elif kind in PIXELS or (kind in TEXTS and _tells_what_is_up(kind, content)):
            _check(view[position + 4 : end - 4], data[end - 4 : end])
            kept.append(data[position:end])
        if kind == b"IEND":
            return b"".join(kept), profile, end
        position = end


def _check(covered: memoryview, checksum: bytes) -> None:
    if zlib.crc32(covered) != int.from_bytes(checksum, "big"):
        raise ChecksumError


def _tells_what_is_up(kind: bytes, content: memoryview) -> bool:
    name = next((name for name in ORIENTING if content[: len(name)] == name), b"")
    if not name or len(content) > LONGEST_NOTE:
        return False
    return kind != b"zTXt" or 0 < len(_inflated(bytes(content[len(name) + 1 :]))) < LONGEST_NOTE


def _profile(content: bytes) -> bytes:
    """The profile itself, without what was padded to it."""
    profile = _inflated(content.partition(b"\x00")[2][1:], LONGEST_PROFILE)
    return profile[: int.from_bytes(profile[:4], "big")] or profile


def _inflated(packed: bytes, most: int = LONGEST_NOTE) -> bytes:
    """Up to so many unpacked bytes; what can be unpacked where the rest is damaged."""
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""
