"""What the site says of an image that `imaging` refuses: a reason, and what its owner can do."""

from collections.abc import Iterator
from contextlib import contextmanager

from annotation_app.services.images.refusals import ImageRefusedError, Refusal
from imaging import errors
from imaging.errors import FileKind, ImageError, SecondFile

PLAIN = "Export it as PNG."
FILES = {  # what it is, what to do
    FileKind.EMPTY: ("empty", "Copy or download it again."),
    FileKind.HEIC: (
        "a HEIC photo",
        "Save it as PNG or JPEG; on an iPhone: Settings, Camera, Formats, Most Compatible.",
    ),
    FileKind.HTML: (
        "an HTML page",
        "Download the picture itself and not the page that shows it.",
    ),
    FileKind.ICON: ("an icon", PLAIN),
    FileKind.JPEG_2000: ("a JPEG 2000 picture", PLAIN),
    FileKind.JPEG_XL: ("a JPEG XL picture", PLAIN),
    FileKind.LFS_POINTER: (
        "a pointer of Git LFS in place of the picture",
        "Fetch the pictures themselves (git lfs pull).",
    ),
    FileKind.OTHER: ("something else", PLAIN),
    FileKind.PDF: ("a PDF document", PLAIN),
    FileKind.PHOTOSHOP: ("a Photoshop document", PLAIN),
    FileKind.SVG: ("an SVG drawing", PLAIN),
    FileKind.VIDEO: ("a video", "Save the frame that you mean as PNG."),
    FileKind.ZIP: ("a ZIP archive", "Unpack it and give the pictures themselves."),
}
SECOND_FILES = {
    SecondFile.ARCHIVE: "a ZIP archive",
    SecondFile.PAGE: "a page that a browser could run",
    SecondFile.OTHER: "another file behind the picture",
}


@contextmanager
def worded() -> Iterator[None]:
    """Raise what `imaging` refuses inside as the site's own refusal.

    Raises:
        ImageRefusedError: with the site's words.
    """
    try:
        yield
    except ImageError as error:
        raise _too_large(error) or _not_one_image(error) or _broken(error) from error


def _too_large(error: ImageError) -> ImageRefusedError | None:
    match error:
        case errors.FileTooLongError():
            reason = f"The file has {error.size:,} bytes; the limit is {error.limit:,}."
            remedy = "Make the image smaller."
        case errors.SideTooLongError():
            reason = (
                f"The image is {error.width:,} × {error.height:,} pixels; a side may have"
                f" {error.limit:,} (the limit of WebP, in which copies are kept)."
            )
            remedy = "Scale it down or crop it."
        case errors.PixelCountError() if error.width * error.height:
            size = f"{error.width:,} × {error.height:,}"
            reason = f"The image has {size} pixels; the limit is {error.limit:,} in all."
            remedy = "Scale it down, or ask the operator to raise IMAGE_MAX_PIXELS."
        case _:
            return None
    return ImageRefusedError(Refusal.TOO_LARGE, reason, remedy)


def _not_one_image(error: ImageError) -> ImageRefusedError | None:
    if isinstance(error, errors.UnknownFormatError):
        what, remedy = FILES[error.kind]
        reason = f"The file is {what}, not PNG, JPEG, WebP, GIF, AVIF, TIFF or BMP."
        return ImageRefusedError(Refusal.NOT_AN_IMAGE, reason, remedy)
    if isinstance(error, errors.SecondFileError):
        return ImageRefusedError(
            Refusal.POLYGLOT,
            f"The image file also contains {SECOND_FILES[error.kind]}.",
            "Open it in an image editor and save it as a new PNG.",
        )
    return None


def _broken(error: ImageError) -> ImageRefusedError:
    match error:
        case errors.TruncatedError():
            code, reason = Refusal.TRUNCATED, "The image file ends too early."
            remedy = "Copy or download the file again."
        case errors.ChecksumError():
            code, reason = Refusal.DAMAGED, "A checksum inside the PNG is wrong."
            remedy = "Copy the file again."
        case errors.SampleKindError():
            code = Refusal.UNSUPPORTED
            reason = f"The image has samples of kind {error.mode}, which have no agreed display."
            remedy = "Export it with 8 bits per channel in sRGB."
        case errors.TransparentColourError():
            code = Refusal.UNSUPPORTED
            reason = "A 16-bit image with one transparent colour cannot be shown exactly."
            remedy = "Save it with an alpha channel."
        case _:
            code, reason = Refusal.DAMAGED, "The image cannot be decoded."
            remedy = "Save it again as PNG and import that."
    return ImageRefusedError(code, reason, remedy)
