"""The site's limits and what it stores of a conversion; `tests/imaging` has the pixels."""

import pytest
from PIL import Image as Pillow

from annotation_app.models import Image
from annotation_app.services.images import decoding
from annotation_app.services.images.decoding import NOTE_LENGTH, count_pixels, decode_image
from annotation_app.services.images.refusals import ImageRefusedError, Refusal
from tests.factories.files import encode, make_image, make_png, pixel_bomb
from tests.factories.pictures import noise
from tests.factories.profiles import swapped_profile
from tests.imaging.corpus import ORIENTATION


def refusal_of(data):
    with pytest.raises(ImageRefusedError) as caught:
        decode_image(data)
    return caught.value


def test_one_side_beyond_webp_is_refused_with_its_limit():
    refusal = refusal_of(encode(Pillow.new("1", (16_384, 1))))
    assert refusal.code == Refusal.TOO_LARGE
    assert "16,383" in refusal.reason
    longest = encode(Pillow.new("1", (16_383, 1)))
    assert decode_image(longest).pixels.width == 16_383


def test_the_operators_limit_counts(settings):
    settings.IMAGE_MAX_PIXELS = 100
    refusal = refusal_of(encode(Pillow.new("1", (11, 10))))
    assert (refusal.code, refusal.reason) == (
        Refusal.TOO_LARGE,
        "The image has 11 × 10 pixels; the limit is 100 in all.",
    )
    assert "IMAGE_MAX_PIXELS" in refusal.remedy
    assert decode_image(encode(Pillow.new("1", (10, 10)))).pixels.size == (10, 10)


def test_a_pixel_bomb_is_refused_by_its_header():
    refusal = refusal_of(pixel_bomb())
    assert refusal.code == Refusal.TOO_LARGE
    assert "30,000 × 30,000" in refusal.reason


def test_too_long_file_is_refused_before_anything_is_read(settings):
    settings.IMAGE_MAX_PIXELS = 10
    refusal = refusal_of(b"\x89PNG\r\n\x1a\n" + bytes(80))
    assert refusal.reason == "The file has 88 bytes; the limit is 80."


def test_a_file_that_is_another_file_too_is_refused():
    page = b"<html><script>alert(1)</script></html>"
    assert refusal_of(make_image() + page).code == Refusal.POLYGLOT


def test_what_was_converted_is_told_in_one_line_that_fits_its_column(monkeypatch):
    exif = Pillow.Exif()
    exif[ORIENTATION] = 6
    palette = noise().quantize(16)
    plain = decode_image(encode(palette, exif=exif)).conversion
    assert plain == "turned upright (EXIF 6); palette expanded"
    frames = {"save_all": True, "append_images": [noise("L").quantize(16)]}
    profiled = encode(palette, "TIFF", icc_profile=swapped_profile(), **frames)
    told = "first of several frames; palette expanded; profile “sRGB built-in” converted to sRGB"
    assert decode_image(profiled).conversion == told
    assert decode_image(make_image()).conversion == ""
    monkeypatch.setattr(decoding, "NOTE_LENGTH", 60)
    assert decode_image(profiled).conversion == told[:60]
    assert Image._meta.get_field("conversion").max_length == NOTE_LENGTH


def test_pixels_are_counted_without_decoding():
    assert count_pixels(make_png((30, 20), 8, 2, b"\x00" * 10)) == 600  # most rows are missing
    with pytest.raises(ImageRefusedError, match="16,383"):
        count_pixels(pixel_bomb())
