"""Where an image ends in its file, and what follows it."""

import io
import zipfile

import pytest

from imaging.containers import check_second_file, read_container
from imaging.errors import DamagedError, SecondFile, SecondFileError, TruncatedError
from tests.factories.files import encode, make_image
from tests.factories.pictures import decoded, film, motion_photo, noise, with_segment
from tests.imaging.reading import refusal_of, show_alike

KINDS = ["PNG", "JPEG", "GIF", "WEBP", "BMP", "AVIF"]
PNG, JPEG = encode(noise()), encode(noise(), "JPEG")


def second_file(data):
    """What follows the image in a file."""
    with pytest.raises(SecondFileError) as caught:
        check_second_file(data, read_container(data).end)
    return caught.value.kind


def zip_of(text):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", text)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_the_end_of_an_image_is_found_where_more_follows(kind):
    data = encode(noise(), kind)
    assert read_container(data).end == len(data)
    assert read_container(data + b"more").end == len(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.98])
def test_truncated_files_are_refused(kind, share):
    data = encode(noise(size=(64, 64)), kind)
    refusal = refusal_of(data[: int(len(data) * share)])
    assert isinstance(refusal, TruncatedError | DamagedError)


def test_jpeg_without_its_end_is_truncated():
    data = encode(noise(size=(64, 64)), "JPEG")
    assert isinstance(refusal_of(data[:-2]), TruncatedError)


def test_a_gif_without_the_mark_of_its_end_is_whole():
    data = encode(noise().quantize(16), "GIF")
    assert data.endswith(b"\x00;")
    assert show_alike(data[:-1]).pixels.tobytes() == decoded(data)
    assert isinstance(refusal_of(data[:-2]), TruncatedError)


@pytest.mark.parametrize("kind", [*KINDS, "TIFF"])
def test_an_archive_behind_an_image_is_noticed(kind):
    assert second_file(encode(noise(), kind) + zip_of("x")) is SecondFile.ARCHIVE


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("page", [b"<html><script>alert(1)</script></html>", b"<svg xmlns=''>"])
def test_a_page_behind_an_image_is_noticed(kind, page):
    assert second_file(encode(noise(), kind) + page + bytes(60)) is SecondFile.PAGE


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "other", [b"Rar!\x1a\x07\x00", b"7z\xbc\xaf\x27\x1c", b"%PDF-1.7", b"\x7fELF"]
)
def test_another_file_behind_an_image_is_noticed(kind, other):
    assert second_file(encode(noise(), kind) + other + bytes(60)) is SecondFile.OTHER


BEHIND = {
    "Android motion photo": motion_photo(noise()),
    "iPhone live photo": JPEG + film(),
    "Samsung notes": JPEG
    + b"\x00\x00\x01\x0aMotionPhoto_Data"
    + film()
    + b"SEFH"
    + bytes(9)
    + b"SEFT",
    "notes of a camera": JPEG + JPEG[:50] + b"SEFT" + bytes(9),
    "newline": JPEG + b"\r\n",
    "padding": make_image(size=noise().size) + bytes(512),
    "screenshot over an older one": PNG + PNG[60:],
    "WebP with more": encode(noise(), "WEBP", lossless=True) + b"more",
    "GIF with more": encode(noise().quantize(16), "GIF") + b"more",
    "BMP with more": encode(noise(), "BMP") + b"more",
}


@pytest.mark.parametrize("behind", BEHIND)
def test_what_cameras_and_tools_leave_behind_a_picture_is_left_out(behind):
    assert show_alike(BEHIND[behind]).pixels.size == noise().size


MARKUP = b"a statue, <body lost in fog, <script by <?php <html> <!doctype %PDF- <svg"
NOTED = {
    "GIF comment": (
        encode(noise().quantize(16), "GIF", comment=MARKUP),
        encode(noise().quantize(16), "GIF"),
    ),
    "JPEG comment": (encode(noise(), "JPEG", comment=MARKUP), JPEG),
    "XMP of WebP": (encode(noise(), "WEBP", lossless=True, xmp=MARKUP), PNG),
    "XMP of JPEG": (with_segment(JPEG, b"http://ns.adobe.com/xap/1.0/\x00" + MARKUP), JPEG),
}


@pytest.mark.parametrize("noted", NOTED)
def test_texts_inside_an_image_are_left_out_whatever_they_say(noted):
    data, plain = NOTED[noted]
    shown = show_alike(data)
    assert shown.pixels.tobytes() == decoded(plain)
    assert shown.pixels.info == {}


def test_a_jpeg_with_a_thumbnail_in_its_notes_is_read_to_its_own_end():
    data = with_segment(JPEG, b"Exif\x00\x00" + b"MM\x00*\x00\x00\x00\x08" + bytes(6) + JPEG[:400])
    assert read_container(data).end == len(data)
    assert show_alike(data).pixels.tobytes() == decoded(JPEG)
