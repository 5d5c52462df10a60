"""The site's limits and what it stores of a conversion; `tests/imaging` has the pixels."""

import pytest
from PIL import Image as Pillow

from annotation_app.services.images.decoding import NOTE_LENGTH, decode_image, open_file
from annotation_app.services.images.refusals import ImageRefusedError, Refusal
from tests.factories.files import encode, make_image, pixel_bomb
from tests.factories.pictures import noise
from tests.factories.profiles import swapped_profile
from tests.imaging.corpus import ORIENTATION


def refusal_of(data):
    with pytest.raises(ImageRefusedError) as caught:
        decode_image(open_file(data))
    return caught.value


def test_one_side_beyond_webp_is_refused_with_its_limit():
    refusal = refusal_of(encode(Pillow.new("1", (16_384, 1))))
    assert refusal.code == Refusal.TOO_LARGE
    assert "16,383" in refusal.reason
    longest = encode(Pillow.new("1", (16_383, 1)))
    assert decode_image(open_file(longest)).pixels.width == 16_383


def test_the_operators_limit_counts(settings):
    settings.IMAGE_MAX_PIXELS = 100
    refusal = refusal_of(encode(Pillow.new("1", (11, 10))))
    assert (refusal.code, refusal.reason) == (
        Refusal.TOO_LARGE,
        "The image has 11 × 10 pixels; the limit is 100 in all.",
    )
    assert "IMAGE_MAX_PIXELS" in refusal.remedy
    assert decode_image(open_file(encode(Pillow.new("1", (10, 10))))).pixels.size == (10, 10)


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


def test_what_was_converted_is_told_in_one_line_that_fits_its_column():
    exif = Pillow.Exif()
    exif[ORIENTATION] = 6
    palette = noise().quantize(16)
    plain = decode_image(open_file(encode(palette, exif=exif))).conversion
    assert plain == "turned upright (EXIF 6); palette expanded"
    frames = {"save_all": True, "append_images": [noise("L").quantize(16)]}
    profiled = encode(palette, "TIFF", icc_profile=swapped_profile(), **frames)
    assert len(decode_image(open_file(profiled)).conversion) == NOTE_LENGTH == 100
    assert decode_image(open_file(make_image())).conversion == ""


def test_decoding_frees_the_files_own_pixels():
    opened = open_file(make_image())
    decode_image(opened)
    with pytest.raises(ValueError, match="closed image"):
        opened.image.getpixel((0, 0))
