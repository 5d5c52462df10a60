"""What users read where an image is refused."""

import pytest

from annotation_app.services.images.refusals import ImageRefusedError, Refusal
from annotation_app.services.images.wording import FILES, SECOND_FILES, worded
from imaging import errors
from imaging.errors import FileKind, ImageError, SecondFile

TEXTS = [
    (
        errors.FileTooLongError(1_234, 800),
        Refusal.TOO_LARGE,
        "The file has 1,234 bytes; the limit is 800. Make the image smaller.",
    ),
    (
        errors.SideTooLongError(20_000, 3, 16_383),
        Refusal.TOO_LARGE,
        "The image is 20,000 × 3 pixels; a side may have 16,383 (the limit of WebP, in which"
        " copies are kept). Scale it down or crop it.",
    ),
    (
        errors.PixelCountError(9_000, 8_000, 64_000_000),
        Refusal.TOO_LARGE,
        "The image has 9,000 × 8,000 pixels; the limit is 64,000,000 in all."
        " Scale it down, or ask the operator to raise IMAGE_MAX_PIXELS.",
    ),
    (
        errors.PixelCountError(0, 5, 64_000_000),
        Refusal.DAMAGED,
        "The image cannot be decoded. Save it again as PNG and import that.",
    ),
    (
        errors.TruncatedError(),
        Refusal.TRUNCATED,
        "The image file ends too early. Copy or download the file again.",
    ),
    (
        errors.ChecksumError(),
        Refusal.DAMAGED,
        "A checksum inside the PNG is wrong. Copy the file again.",
    ),
    (
        errors.DamagedError("broken data stream"),
        Refusal.DAMAGED,
        "The image cannot be decoded. Save it again as PNG and import that.",
    ),
    (
        errors.SampleKindError("F"),
        Refusal.UNSUPPORTED,
        "The image has samples of kind F, which have no agreed display."
        " Export it with 8 bits per channel in sRGB.",
    ),
    (
        errors.TransparentColourError(),
        Refusal.UNSUPPORTED,
        "A 16-bit image with one transparent colour cannot be shown exactly."
        " Save it with an alpha channel.",
    ),
    (
        errors.SecondFileError(SecondFile.PAGE),
        Refusal.POLYGLOT,
        "The image file also contains a page that a browser could run."
        " Open it in an image editor and save it as a new PNG.",
    ),
    (
        errors.UnknownFormatError(FileKind.LFS_POINTER),
        Refusal.NOT_AN_IMAGE,
        "The file is a pointer of Git LFS in place of the picture, not PNG, JPEG, WebP, GIF,"
        " AVIF, TIFF or BMP. Fetch the pictures themselves (git lfs pull).",
    ),
]


def refusal_of(error):
    with pytest.raises(ImageRefusedError) as caught, worded():
        raise error
    return caught.value


@pytest.mark.parametrize(("error", "code", "text"), TEXTS)
def test_every_refusal_has_a_reason_and_a_remedy(error, code, text):
    refusal = refusal_of(error)
    assert (refusal.code, str(refusal)) == (code, text)
    assert refusal.__cause__ is error


def test_every_error_of_the_room_is_tried_above():
    assert {type(error) for error, _, _ in TEXTS} == set(ImageError.__subclasses__())


@pytest.mark.parametrize(
    ("kind", "what", "remedy"),
    [
        (FileKind.HEIC, "a HEIC photo", "Most Compatible"),
        (FileKind.VIDEO, "a video", "Save the frame"),
        (FileKind.PDF, "a PDF document", "Export it as PNG"),
        (FileKind.PHOTOSHOP, "a Photoshop document", "Export it as PNG"),
        (FileKind.JPEG_XL, "a JPEG XL picture", "Export it as PNG"),
        (FileKind.JPEG_2000, "a JPEG 2000 picture", "Export it as PNG"),
        (FileKind.ICON, "an icon", "Export it as PNG"),
        (FileKind.ZIP, "a ZIP archive", "Unpack it"),
        (FileKind.HTML, "an HTML page", "Download the picture itself"),
        (FileKind.SVG, "an SVG drawing", "Export it as PNG"),
        (FileKind.EMPTY, "empty", "Copy or download it again"),
        (FileKind.OTHER, "something else", "Export it as PNG"),
    ],
)
def test_what_is_not_an_image_is_named_for_what_it_is_with_a_remedy(kind, what, remedy):
    refusal = refusal_of(errors.UnknownFormatError(kind))
    assert refusal.reason.startswith(f"The file is {what}, not PNG")
    assert remedy in refusal.remedy


def test_every_kind_of_file_has_words():
    assert set(FILES) == set(FileKind)
    assert set(SECOND_FILES) == set(SecondFile)


def test_other_errors_pass():
    with pytest.raises(KeyError), worded():
        raise KeyError("x")
