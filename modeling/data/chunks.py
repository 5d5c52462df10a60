"""What of a PNG file makes its pixels, as the site reads what it imports; texts are left out.

Programs keep whole workflows in a picture, longer than Pillow agrees to read.
"""

from __future__ import annotations

import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_FRAME = 12  # a chunk's length, kind and checksum
_PIXELS = frozenset(
    {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf", b"acTL", b"fcTL", b"fdAT"}
)
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_ORIENTING = (b"XML:com.adobe.xmp\x00\x00", b"Raw profile type exif\x00")  # may tell what is up
_LONGEST_NOTE = 1_000_000  # bytes; what Pillow reads
_LONGEST_PROFILE = 4_000_000  # bytes; the largest in use have three million


def bare_png(data: bytes) -> tuple[bytes, bytes]:
    """A PNG without what stands beside its pixels, and its colour profile (empty for none).

    Where a file ends too early, decoding says so.
    """
    view, kept, profile = memoryview(data), [data[: len(SIGNATURE)]], b""
    position = len(SIGNATURE)
    while position + _FRAME <= len(data):
        end = position + _FRAME + int.from_bytes(data[position : position + 4], "big")
        kind, content = data[position + 4 : position + 8], view[position + 8 : end - 4]
        if kind == b"iCCP":
            profile = profile or _profile(bytes(content))
        elif kind in _PIXELS or (kind in _TEXTS and _tells_what_is_up(kind, content)):
            kept.append(data[position:end])
        if kind == b"IEND":
            break
        position = end
    return b"".join(kept), profile


def _tells_what_is_up(kind: bytes, content: memoryview) -> bool:
    name = next((name for name in _ORIENTING if content[: len(name)] == name), b"")
    if not name or len(content) > _LONGEST_NOTE:
        return False
    return kind != b"zTXt" or 0 < len(_inflated(bytes(content[len(name) + 1 :]))) < _LONGEST_NOTE


def _profile(content: bytes) -> bytes:
    """The profile itself, without what was padded to it."""
    profile = _inflated(content.partition(b"\x00")[2][1:], _LONGEST_PROFILE)
    return profile[: int.from_bytes(profile[:4], "big")] or profile


def _inflated(packed: bytes, most: int = _LONGEST_NOTE) -> bytes:
    """Up to so many unpacked bytes; none where they are damaged."""
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""
