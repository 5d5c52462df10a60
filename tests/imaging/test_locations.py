"""Whether a file tells where it was taken."""

import zlib

import pytest
from PIL import Image as Pillow

from imaging.locations import has_gps
from tests.factories.files import encode
from tests.factories.pictures import noise, text_chunk, with_chunks

BIG_NOTE = text_chunk(b"zTXt", b"\x00" + zlib.compress(b"x" * 3_000_000))


@pytest.fixture
def placed():
    exif = Pillow.Exif()
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0)}
    return exif


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_gps_fields_are_noticed(kind, placed):
    assert has_gps(encode(noise(), kind, exif=placed))
    assert not has_gps(encode(noise(), kind))


def test_they_are_noticed_beside_a_long_text(placed):
    assert has_gps(with_chunks(encode(noise(), exif=placed), BIG_NOTE))
    assert not has_gps(with_chunks(encode(noise()), BIG_NOTE))


def test_what_cannot_be_read_tells_nothing(placed):
    assert not has_gps(b"no image")
    assert not has_gps(encode(noise(), exif=placed)[:60])
