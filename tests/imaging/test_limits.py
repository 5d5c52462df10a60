"""How large an image may be."""

import pytest
from PIL import Image as Pillow

from imaging.errors import FileTooLongError, PixelCountError, SideTooLongError
from imaging.limits import Limits
from tests.factories.files import encode, make_png, pixel_bomb
from tests.imaging.reading import refusal_of, show


def test_a_file_may_have_eight_bytes_for_each_pixel():
    limits = Limits(pixels=10)
    limits.check_length(80)
    with pytest.raises(FileTooLongError, match="the file has 81 bytes; the limit is 80"):
        limits.check_length(81)


def test_too_long_file_is_refused_before_anything_is_read():
    refusal = refusal_of(b"\x89PNG\r\n\x1a\n" + bytes(80), Limits(pixels=10))
    assert isinstance(refusal, FileTooLongError)


def test_sides_are_limited_only_where_it_is_asked_for():
    long = encode(Pillow.new("1", (16_384, 1)))
    refusal = refusal_of(long, Limits(pixels=100_000, side=16_383))
    assert isinstance(refusal, SideTooLongError)
    assert (refusal.width, refusal.height, refusal.limit) == (16_384, 1, 16_383)
    assert show(long, Limits(pixels=100_000)).pixels.width == 16_384
    longest = encode(Pillow.new("1", (16_383, 1)))
    assert show(longest, Limits(pixels=100_000, side=16_383)).pixels.width == 16_383


def test_too_many_pixels_are_refused():
    refusal = refusal_of(encode(Pillow.new("1", (11, 10))), Limits(pixels=100))
    assert isinstance(refusal, PixelCountError)
    assert (refusal.width, refusal.height, refusal.limit) == (11, 10, 100)
    assert show(encode(Pillow.new("1", (10, 10))), Limits(pixels=100)).pixels.size == (10, 10)


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (0, 0)])
def test_an_image_without_pixels_is_refused(size):
    with pytest.raises(PixelCountError, match=f"{size[0]} × {size[1]} pixels; the least is 1"):
        Limits(pixels=100).check_size(*size)


def test_pixel_bomb_is_refused_by_its_header_with_its_size():
    refusal = refusal_of(pixel_bomb(), Limits(pixels=64_000_000))
    assert isinstance(refusal, PixelCountError)
    assert (refusal.width, refusal.height) == (30_000, 30_000)


def test_the_limit_is_the_callers_and_not_that_of_the_process():
    """Pillow's own, 89,478,485 pixels, would warn of this one, and warnings are errors here."""
    wide = make_png((9_500, 9_500), 1, 0, b"".join(bytes(1 + 1_188) for _ in range(9_500)))
    assert show(wide, Limits(pixels=9_500**2)).pixels.size == (9_500, 9_500)
