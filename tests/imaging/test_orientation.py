"""Upright pixels, whoever says what is up."""

import zlib

import pytest
from PIL import Image as Pillow

from tests.factories.files import encode, png_chunk
from tests.factories.pictures import decoded, noise, with_chunks, with_segment
from tests.imaging.corpus import ORIENTATION
from tests.imaging.reading import show, show_alike

PNG, JPEG = encode(noise()), encode(noise(), "JPEG")
# Where the top left pixel of a 2 × 1 picture goes: to the left end, right end, top or bottom.
BEGIN, RIGHT, BELOW = (0, 0), (1, 0), (0, 1)
FIRST_PIXEL = dict(enumerate([BEGIN, RIGHT, RIGHT, BEGIN, BEGIN, BEGIN, BELOW, BELOW], start=1))


def noted(turn):
    exif = Pillow.Exif()
    exif[ORIENTATION] = turn
    return exif


@pytest.mark.parametrize("turn", range(1, 9))
def test_each_orientation_puts_the_first_pixel_where_the_standard_says(turn):
    image = Pillow.new("RGB", (2, 1), "black")
    image.putpixel((0, 0), (255, 255, 255))
    shown = show(encode(image, exif=noted(turn)))
    assert shown.pixels.size == ((1, 2) if turn > 4 else (2, 1))
    assert shown.pixels.getpixel(FIRST_PIXEL[turn]) == (255, 255, 255)
    assert shown.notes == (() if turn == 1 else (f"turned upright (EXIF {turn})",))


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_every_turn_is_made_alike_on_the_site_and_for_the_model(kind, turn):
    shown = show_alike(encode(noise(), kind, exif=noted(turn)))
    assert shown.pixels.size == ((11, 17) if turn > 4 else (17, 11))


@pytest.mark.parametrize("turn", [0, 9, 65_535])
def test_an_orientation_that_does_not_exist_turns_nothing(turn):
    assert show_alike(encode(noise(), exif=noted(turn))).pixels.tobytes() == noise().tobytes()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize(
    "notes",
    [
        b"garbage and no notes",
        b"II*\x00\x08\x00\x00\x00\xff\xff\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00",
        b"II*\x00\xff\xff\xff\x7f",
        b"",
    ],
)
def test_broken_notes_of_a_camera_are_not_a_reason_to_refuse_its_picture(notes):
    data = with_segment(JPEG, b"Exif\x00\x00" + notes)
    assert show_alike(data).pixels.size == noise().size
    png = with_chunks(PNG, png_chunk(b"eXIf", notes))
    assert show_alike(png).pixels.tobytes() == decoded(PNG)


@pytest.mark.parametrize("packed", [False, True])
def test_texts_of_a_png_that_tell_what_is_up_are_followed(packed):
    exif = noted(6).tobytes()
    raw = b"\nexif\n%8d\n%s\n" % (len(exif), exif.hex().encode())
    content = b"\x00" + zlib.compress(raw) if packed else raw
    chunk = png_chunk(b"zTXt" if packed else b"tEXt", b"Raw profile type exif\x00" + content)
    assert show_alike(with_chunks(PNG, chunk)).pixels.size == (11, 17)
    xmp = png_chunk(b"iTXt", b"XML:com.adobe.xmp" + bytes(5) + b'<x tiff:Orientation="6"/>')
    assert show_alike(with_chunks(PNG, xmp)).pixels.size == (11, 17)
