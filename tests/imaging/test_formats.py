"""What a file is by its first bytes."""

import pytest

from imaging.errors import FileKind, UnknownFormatError
from imaging.formats import detect_format
from tests.factories.files import encode, make_image
from tests.factories.pictures import film, noise
from tests.imaging.reading import show


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF", "BMP", "TIFF"])
def test_accepted_formats_are_told_by_their_beginning(kind):
    assert detect_format(encode(noise(), kind)[:2048]) == kind


def test_content_and_not_the_name_decides():
    assert show(make_image(kind="JPEG")).pixels.size == (12, 8)


def test_bigtiff_is_a_tiff():
    assert detect_format(encode(noise(), "TIFF", big_tiff=True)) == "TIFF"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", FileKind.HEIC),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", FileKind.HEIC),
        (film(), FileKind.VIDEO),
        (b"\x1a\x45\xdf\xa3" + bytes(40), FileKind.VIDEO),
        (b"%PDF-1.7\n", FileKind.PDF),
        (b"8BPS\x00\x01", FileKind.PHOTOSHOP),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", FileKind.JPEG_XL),
        (b"\xff\x0a", FileKind.JPEG_XL),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", FileKind.JPEG_2000),
        (b"PK\x03\x04" + bytes(40), FileKind.ZIP),
        (b"version https://git-lfs.github.com/spec/v1\n", FileKind.LFS_POINTER),
        (b"<!DOCTYPE html><html>", FileKind.HTML),
        (b"\xef\xbb\xbf  <!DOCTYPE html><html></html>", FileKind.HTML),
        (b"<svg xmlns=''/>", FileKind.SVG),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", FileKind.SVG),
        (b"<?xml version='1.0'?>\n<!-- x --><svg/>", FileKind.SVG),
        (b"", FileKind.EMPTY),
        (b"\x00\x01\x02", FileKind.OTHER),
        (encode(noise(), "PPM"), FileKind.OTHER),
        (encode(noise(), "ICO"), FileKind.ICON),
    ],
)
def test_what_is_not_an_image_is_told_by_its_content(data, kind):
    with pytest.raises(UnknownFormatError) as caught:
        detect_format(data)
    assert caught.value.kind is kind
    assert ("HEIC photo" if kind is FileKind.HEIC else "cannot identify") in str(caught.value)
