"""Why bytes do not become pixels; callers word it for their users, or show the text as it is."""

from enum import StrEnum

from typing_extensions import override

UNIDENTIFIED = "cannot identify an image; formats are PNG, JPEG, WEBP, GIF, AVIF, BMP, TIFF"
TRUNCATED = "the image file is truncated; copy or download it again"


class FileKind(StrEnum):
    """What a file is that is not an image of an accepted format."""

    EMPTY = "empty"
    HEIC = "heic"
    HTML = "html"
    ICON = "icon"
    JPEG_2000 = "jpeg_2000"
    JPEG_XL = "jpeg_xl"
    LFS_POINTER = "lfs_pointer"
    OTHER = "other"
    PDF = "pdf"
    PHOTOSHOP = "photoshop"
    SVG = "svg"
    VIDEO = "video"
    ZIP = "zip"


class SecondFile(StrEnum):
    """What follows the image in a file that is two files."""

    ARCHIVE = "archive"
    PAGE = "page"
    OTHER = "other"


class ImageError(ValueError):
    """Base: a file or an image that does not become pixels. The arguments are the facts."""


class UnknownFormatError(ImageError):
    """The bytes are not an image of an accepted format."""

    def __init__(self, kind: FileKind) -> None:
        super().__init__(kind)
        self.kind = kind

    @override
    def __str__(self) -> str:
        if self.kind is FileKind.HEIC:
            return "a HEIC photo, which cannot be read here; save it as PNG or JPEG"
        return UNIDENTIFIED


class SecondFileError(ImageError):
    """The file is an image and another file too."""

    def __init__(self, kind: SecondFile) -> None:
        super().__init__(kind)
        self.kind = kind

    @override
    def __str__(self) -> str:
        return f"a file of another kind follows the image ({self.kind})"


class TruncatedError(ImageError):
    """The file ends before the image does."""

    def __init__(self, detail: str = TRUNCATED) -> None:
        super().__init__(detail)


class ChecksumError(ImageError):
    """A part of a PNG that matters has a wrong checksum."""

    @override
    def __str__(self) -> str:
        return "a checksum inside the PNG is wrong; copy the file again"


class DamagedError(ImageError):
    """The decoder gave up, with the reason that it gave."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)


class FileTooLongError(ImageError):
    """More bytes than an image of the allowed size can need."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(size, limit)
        self.size, self.limit = size, limit

    @override
    def __str__(self) -> str:
        return f"the file has {self.size:,} bytes; the limit is {self.limit:,}"


class SideTooLongError(ImageError):
    """One side has more pixels than allowed."""

    def __init__(self, width: int, height: int, limit: int) -> None:
        super().__init__(width, height, limit)
        self.width, self.height, self.limit = width, height, limit

    @override
    def __str__(self) -> str:
        return f"{self.width} × {self.height} pixels; a side may have {self.limit:,}"


class PixelCountError(ImageError):
    """Without pixels, or more of them than allowed."""

    def __init__(self, width: int, height: int, limit: int) -> None:
        super().__init__(width, height, limit)
        self.width, self.height, self.limit = width, height, limit

    @override
    def __str__(self) -> str:
        return (
            f"{self.width} × {self.height} pixels; "
            f"the least is 1, the limit is {self.limit:,} in all"
        )


class SampleKindError(ImageError):
    """Samples without an agreed display: 32-bit, float, Lab."""

    def __init__(self, mode: str) -> None:
        super().__init__(mode)
        self.mode = mode

    @override
    def __str__(self) -> str:
        return (
            f"samples of kind {self.mode} have no agreed display; "
            "export it with 8 bits per channel in sRGB"
        )


class TransparentColourError(ImageError):
    """One colour of 16 bits is transparent, which 8 bits cannot distinguish from its neighbours."""

    @override
    def __str__(self) -> str:
        return "16 bits with one transparent colour; save it with an alpha channel"
