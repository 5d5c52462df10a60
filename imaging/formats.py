"""What a file is by its first bytes, regardless of its name, even if it is not an image."""

from imaging.errors import FileKind, UnknownFormatError

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),  # BigTIFF
    (b"MM\x00+", "TIFF"),
    (b"BM", "BMP"),
)
AVIF_BRANDS = frozenset({b"avif", b"avis"})
HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"miaf"}
)
PAGES = (b"<html", b"<script", b"<!doctype", b"<?php", b"<iframe", b"<body")
SNIFFED = 2048  # bytes; browsers look at fewer when they guess a type
BYTE_ORDER_MARK, BLANKS = b"\xef\xbb\xbf", b"\x00\t\n\r "
BEGINNINGS = (
    (b"%PDF-", FileKind.PDF),
    (b"8BPS", FileKind.PHOTOSHOP),
    (b"\x00\x00\x01\x00", FileKind.ICON),
    (b"\xff\x0a", FileKind.JPEG_XL),
    (b"\x00\x00\x00\x0cJXL ", FileKind.JPEG_XL),
    (b"\x00\x00\x00\x0cjP  ", FileKind.JPEG_2000),
    (b"\xff\x4f\xff\x51", FileKind.JPEG_2000),
    (b"\x1a\x45\xdf\xa3", FileKind.VIDEO),
    (b"PK\x03\x04", FileKind.ZIP),
    (b"version https://git-lfs.github.com/", FileKind.LFS_POINTER),
)


def detect_format(data: bytes) -> str:
    """The format that the content declares, regardless of the file's name.

    Returns:
        One of PNG, JPEG, GIF, TIFF, BMP, WEBP, AVIF.

    Raises:
        UnknownFormatError: if the bytes are none of these, with what they are where it shows.
    """
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if brands_of(data) & AVIF_BRANDS:
        return "AVIF"
    raise UnknownFormatError(_looks_like(data))


def brands_of(data: bytes) -> set[bytes]:
    """The brands of an ISO media file (AVIF, HEIC, MP4); none of another file."""
    if data[4:8] != b"ftyp":
        return set()
    box = data[: min(int.from_bytes(data[:4], "big"), SNIFFED)]
    return {box[8:12], *(box[at : at + 4] for at in range(16, len(box) - 3, 4))}


def _looks_like(data: bytes) -> FileKind:
    for mark, kind in BEGINNINGS:
        if data.startswith(mark):
            return kind
    if brands := brands_of(data):
        return FileKind.HEIC if brands & HEIC_BRANDS else FileKind.VIDEO
    head = data[:SNIFFED].lstrip(BYTE_ORDER_MARK + BLANKS).lower()
    if b"<svg" in head:
        return FileKind.SVG
    if any(tag in head for tag in PAGES):
        return FileKind.HTML
    return FileKind.OTHER if data else FileKind.EMPTY
