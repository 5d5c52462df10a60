"""The outside of image files: format by content, where the image ends, what hides behind it.

Pure functions over bytes; nothing is decoded here.
"""

import zlib
from collections.abc import Callable

from annotation_app.services.images.refusals import ImageRefusedError, Refusal, truncated

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"BM", "BMP"),
)
ACTIVE_TAGS = (
    b"<html",
    b"<script",
    b"<svg",
    b"<!doctype",
    b"<?php",
    b"<iframe",
    b"<body",
    b"%pdf-",
)
ARCHIVE_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a", b"7z\xbc\xaf\x27\x1c", b"\x7fELF")
SNIFFED = 2048  # bytes; browsers look at fewer when they guess a type
ZIP_END = b"PK\x05\x06"
ZIP_END_SIZE = 22  # bytes without the comment
JPEG_END, JPEG_FILL = 0xD9, 0xFF
JPEG_ALONE = frozenset({0x00, 0x01, *range(0xD0, 0xD8)})  # stuffed bytes and restart markers
GIF_TRAILER, GIF_IMAGE = 0x3B, 0x2C
PADDING = b"\x00\t\n\r "


def detect_format(data: bytes) -> str:
    """The format that the content declares, whatever the file is called.

    Returns:
        One of PNG, JPEG, GIF, TIFF, BMP, WEBP.

    Raises:
        ImageRefusedError: if the bytes are none of these; says so where they are SVG or HTML.
    """
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    raise ImageRefusedError(
        Refusal.NOT_AN_IMAGE,
        f"The file is {_looks_like(data)}, not PNG, JPEG, WebP, GIF, TIFF or BMP.",
        "Export it as PNG.",
    )


def check_container(data: bytes, image_format: str) -> None:
    """Refuse a file that ends too early, or that is also something other than an image.

    Raises:
        ImageRefusedError: truncated, damaged checksum, or a second format inside.
    """
    end = END_FINDERS[image_format](data)
    head = data[:SNIFFED].lower()
    if any(tag in head for tag in ACTIVE_TAGS):
        raise _polyglot("text that a browser could run")
    if _ends_as_zip(data):
        raise _polyglot("a ZIP archive")
    rest = data[end:].strip(PADDING)
    # Cameras append videos and notes to JPEG files; elsewhere nothing has reason to follow.
    if rest and (image_format != "JPEG" or _is_foreign(rest)):
        raise _polyglot("other content after the end of the image")


def _looks_like(data: bytes) -> str:
    head = data[:SNIFFED].lstrip(b"\xef\xbb\xbf" + PADDING).lower()
    if not data:
        return "empty"
    if b"<svg" in head:
        return "an SVG drawing"
    if any(tag in head for tag in ACTIVE_TAGS[:-1]):
        return "an HTML page"
    return "something else"


def _is_foreign(rest: bytes) -> bool:
    lowered = rest.lower()
    return any(mark in rest for mark in ARCHIVE_MARKS) or any(tag in lowered for tag in ACTIVE_TAGS)


def _ends_as_zip(data: bytes) -> bool:
    start = data.rfind(ZIP_END, max(0, len(data) - ZIP_END_SIZE - 0xFFFF))
    if start < 0 or start + ZIP_END_SIZE > len(data):
        return False
    comment = int.from_bytes(data[start + 20 : start + 22], "little")
    return start + ZIP_END_SIZE + comment == len(data)


def _polyglot(what: str) -> ImageRefusedError:
    return ImageRefusedError(
        Refusal.POLYGLOT,
        f"The image file also holds {what}.",
        "Open it in an image editor and save it as a new PNG.",
    )


def _end_of_png(data: bytes) -> int:
    view, position = memoryview(data), 8
    while True:
        if position + 12 > len(data):
            raise truncated()
        end = position + 12 + int.from_bytes(data[position : position + 4], "big")
        if end > len(data):
            raise truncated()
        checksum = int.from_bytes(data[end - 4 : end], "big")
        if zlib.crc32(view[position + 4 : end - 4]) != checksum:
            raise ImageRefusedError(
                Refusal.DAMAGED, "A checksum inside the PNG is wrong.", "Copy the file again."
            )
        if data[position + 4 : position + 8] == b"IEND":
            return end
        position = end


def _end_of_jpeg(data: bytes) -> int:
    position = 2
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 2 > len(data):
            raise truncated()
        marker = data[position + 1]
        if marker == JPEG_END:
            return position + 2
        if marker == JPEG_FILL:
            position += 1
        elif marker in JPEG_ALONE:
            position += 2
        else:  # a segment that tells its own length
            position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")


def _end_of_gif(data: bytes) -> int:
    try:
        position = 13 + _colour_table(data[10])
        while data[position] != GIF_TRAILER:
            if data[position] == GIF_IMAGE:  # descriptor, colour table, code size
                position += 11 + _colour_table(data[position + 9])
            else:
                position += 2
            while data[position]:
                position += 1 + data[position]
            position += 1
    except IndexError as error:
        raise truncated() from error
    return position + 1


def _colour_table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_webp(data: bytes) -> int:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise truncated()
    return end


def _end_of_bmp(data: bytes) -> int:
    declared = int.from_bytes(data[2:6], "little")
    # Writers are careless with this field; a too short file shows when it is decoded.
    return declared if 0 < declared <= len(data) else len(data)


END_FINDERS: dict[str, Callable[[bytes], int]] = {
    "PNG": _end_of_png,
    "JPEG": _end_of_jpeg,
    "GIF": _end_of_gif,
    "WEBP": _end_of_webp,
    "BMP": _end_of_bmp,
    "TIFF": len,  # directories may lie anywhere
}
