"""What a file is by its first bytes, whatever it is called; says so of files that are not taken."""

from annotation_app.services.images.refusals import ImageRefusedError, Refusal

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
PLAIN = "Export it as PNG."
VIDEO = ("a video", "Save the frame that is meant as PNG.")
HEIC = (
    "a HEIC photo",
    "Save it as PNG or JPEG; on an iPhone: Settings, Camera, Formats, Most Compatible.",
)
OTHERS = (  # how it begins, what it is, what to do
    (b"%PDF-", "a PDF document", PLAIN),
    (b"8BPS", "a Photoshop document", PLAIN),
    (b"\x00\x00\x01\x00", "an icon", PLAIN),
    (b"\xff\x0a", "a JPEG XL picture", PLAIN),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture", PLAIN),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture", PLAIN),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture", PLAIN),
    (b"\x1a\x45\xdf\xa3", *VIDEO),
    (b"PK\x03\x04", "a ZIP archive", "Unpack it and give the pictures themselves."),
    (
        b"version https://git-lfs.github.com/",
        "a pointer of Git LFS in place of the picture",
        "Fetch the pictures themselves (git lfs pull).",
    ),
)


def detect_format(data: bytes) -> str:
    """The format that the content declares, whatever the file is called.

    Returns:
        One of PNG, JPEG, GIF, TIFF, BMP, WEBP, AVIF.

    Raises:
        ImageRefusedError: if the bytes are none of these; says what they are where it shows.
    """
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if brands_of(data) & AVIF_BRANDS:
        return "AVIF"
    what, remedy = _looks_like(data)
    raise ImageRefusedError(
        Refusal.NOT_AN_IMAGE,
        f"The file is {what}, not PNG, JPEG, WebP, GIF, AVIF, TIFF or BMP.",
        remedy,
    )


def brands_of(data: bytes) -> set[bytes]:
    """The brands of an ISO media file (AVIF, HEIC, MP4); none of another file."""
    if data[4:8] != b"ftyp":
        return set()
    box = data[: min(int.from_bytes(data[:4], "big"), SNIFFED)]
    return {box[8:12], *(box[at : at + 4] for at in range(16, len(box) - 3, 4))}


def _looks_like(data: bytes) -> tuple[str, str]:
    """What a file is, with its article, and what its owner can do."""
    for mark, what, remedy in OTHERS:
        if data.startswith(mark):
            return what, remedy
    if brands := brands_of(data):
        return HEIC if brands & HEIC_BRANDS else VIDEO
    head = data[:SNIFFED].lstrip(BYTE_ORDER_MARK + BLANKS).lower()
    if b"<svg" in head:
        return "an SVG drawing", PLAIN
    if any(tag in head for tag in PAGES):
        return "an HTML page", "Download the picture itself and not the page that shows it."
    return ("something else", PLAIN) if data else ("empty", "Copy or download it again.")
