"""PNG files without what stands beside their pixels."""

import zlib

import pytest
from PIL import Image as Pillow

from imaging.chunks import bare_png
from imaging.errors import ChecksumError, TruncatedError
from tests.factories.files import encode, png_chunk
from tests.factories.pictures import decoded, noise, text_chunk, with_chunks
from tests.factories.profiles import SRGB, swapped_profile
from tests.imaging.corpus import RENDERING
from tests.imaging.reading import refusal_of, show_alike

LONG = b"x" * 3_000_000  # unpacked; Pillow reads a million
MARKUP = b"a statue, <body lost in fog, <script by <?php <html> <!doctype %PDF- <svg"
PNG = encode(noise())
BIG_NOTE = text_chunk(b"zTXt", b"\x00" + zlib.compress(LONG))
NOTED = {
    "ComfyUI workflow": with_chunks(PNG, text_chunk(b"tEXt", MARKUP)),
    "A1111 parameters": with_chunks(PNG, png_chunk(b"iTXt", b"parameters" + bytes(5) + MARKUP)),
    "packed text": with_chunks(PNG, BIG_NOTE),
    "packed text at the end": with_chunks(PNG, BIG_NOTE, at_end=True),
    "packed international text": with_chunks(
        PNG, text_chunk(b"iTXt", b"\x01\x00\x00\x00" + zlib.compress(LONG))
    ),
    "many long texts": with_chunks(PNG, *[text_chunk(b"tEXt", LONG)] * 25),
    "wrong checksum of a text": with_chunks(PNG, text_chunk(b"tEXt", b"a")[:-1] + b"?"),
    "long profile": with_chunks(
        PNG, png_chunk(b"iCCP", b"p\x00\x00" + zlib.compress(SRGB + bytes(2_000_000)))
    ),
    "packed notes of the camera": with_chunks(
        PNG, png_chunk(b"zTXt", b"Raw profile type exif\x00\x00" + zlib.compress(LONG))
    ),
}


@pytest.mark.parametrize("noted", NOTED)
def test_what_stands_beside_the_pixels_is_left_out_whatever_it_says(noted):
    shown = show_alike(NOTED[noted])
    assert shown.pixels.tobytes() == decoded(PNG)
    assert shown.pixels.info == {}


@pytest.mark.parametrize("rendering", RENDERING)
def test_a_bare_file_keeps_its_pixels_and_loses_other_renderings(rendering):
    data = with_chunks(PNG, RENDERING[rendering])
    assert bare_png(data) == (PNG, b"", len(data))


def test_the_profile_is_taken_out_without_its_padding():
    packed = zlib.compress(SRGB + bytes(2_000_000))
    data = with_chunks(PNG, png_chunk(b"iCCP", b"p\x00\x00" + packed))
    assert bare_png(data) == (PNG, SRGB, len(data))


def test_a_long_profile_is_used():
    packed = zlib.compress(swapped_profile() + bytes(2_000_000))
    red = encode(Pillow.new("RGB", (2, 1), "red"))
    shown = show_alike(with_chunks(red, png_chunk(b"iCCP", b"p\0\0" + packed)))
    assert shown.pixels.getpixel((0, 0)) == pytest.approx((0, 255, 0), abs=2)
    assert "converted to sRGB" in shown.notes[0]


def test_the_end_is_told_where_more_follows():
    assert bare_png(PNG + b"more") == (PNG, b"", len(PNG))


@pytest.mark.parametrize("missing", [1, 4, 12, 20])
def test_a_file_that_ends_too_early_is_refused(missing):
    with pytest.raises(TruncatedError, match="truncated"):
        bare_png(PNG[:-missing])


def test_a_wrong_checksum_of_the_pixels_is_refused():
    data = bytearray(encode(noise(size=(64, 64))))
    data[len(data) // 2] ^= 0xFF
    assert isinstance(refusal_of(bytes(data)), ChecksumError)
