"""How pictures become the RGB pixels that a model reads: as annotators see them on the site."""

import numpy as np
import pytest
from PIL import Image

from imaging.background import BACKGROUND
from modeling.data import UnreadablePictureError, images, read_picture
from tests.factories.files import encode, make_png, png_chunk
from tests.factories.pictures import with_chunks
from tests.factories.profiles import SRGB, swapped_profile

SOURCE = np.array([[[200, 100, 0], [10, 20, 30], [255, 255, 255]]], dtype=np.uint8)


def pixels(picture):
    return [tuple(pixel) for pixel in np.asarray(read_picture(picture))[0].tolist()]


def cut_out(*alphas):
    picture = Image.fromarray(SOURCE)
    picture.putalpha(Image.frombytes("L", (3, 1), bytes(alphas)))
    return picture


def test_a_cut_out_shows_the_grey_behind_it_and_not_the_colours_it_hides():
    # half way at alpha 128 of 255: 10 × 128/255 + 128 × 127/255 = 68.8, and so on
    for picture in (cut_out(0, 128, 255), encode(cut_out(0, 128, 255))):
        assert pixels(picture) == [BACKGROUND, (69, 74, 79), (255, 255, 255)]


@pytest.mark.parametrize(
    ("picture", "colour"),
    [
        (Image.new("RGBA", (1, 1), (255, 0, 0, 0)), (255, 0, 0)),
        (Image.new("LA", (1, 1), (255, 0)), (255, 255, 255)),
        (Image.new("RGBA", (1, 1), (255, 0, 0, 0)).convert("PA"), (255, 0, 0)),
    ],
    ids=["RGBA", "LA", "PA"],
)
def test_every_mode_with_alpha_shows_the_grey(picture, colour):
    assert pixels(picture) == [BACKGROUND]
    picture.putalpha(255)
    assert pixels(picture) == [colour]


def one_transparent_colour(mode, transparent):
    return encode(Image.fromarray(SOURCE).convert(mode), transparency=transparent)


def test_one_transparent_colour_of_a_file_shows_the_grey():
    rgb = [(10, 20, 30), (255, 255, 255)]
    assert pixels(one_transparent_colour("RGB", (200, 100, 0))) == [BACKGROUND, *rgb]
    grey = one_transparent_colour("L", 255)
    assert pixels(grey)[2] == BACKGROUND
    assert BACKGROUND not in pixels(grey)[:2]
    palette = Image.fromarray(SOURCE).quantize(3)
    index = palette.getpixel((1, 0))
    assert pixels(encode(palette, transparency=index))[1] == BACKGROUND
    assert pixels(encode(palette, "GIF", transparency=index))[1] == BACKGROUND


def test_an_opaque_picture_keeps_its_pixels():
    plain = [tuple(pixel) for pixel in SOURCE[0].tolist()]
    assert pixels(Image.fromarray(SOURCE)) == plain
    assert pixels(encode(cut_out(255, 255, 255))) == plain


def test_a_cache_of_an_earlier_way_of_decoding_is_not_taken_up(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    cut_out(0, 128, 255).save(path)
    now = images.cache_key([path], "compact", {})
    assert images.cache_key([path], "compact", {}) == now
    monkeypatch.setattr(images, "POLICY", images.POLICY - 1)
    assert images.cache_key([path], "compact", {}) != now


@pytest.mark.parametrize("mode", ["F", "I", "LAB"])
def test_samples_without_an_agreed_display_are_refused(mode):
    picture = Image.new(mode, (1, 1))
    for given in (picture, encode(picture, "TIFF")):
        with pytest.raises(UnreadablePictureError, match=r"source: .* 8 bits per channel in sRGB"):
            read_picture(given, "source")


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("order", ["<u2", ">u2"])
def test_sixteen_bits_are_scaled_in_either_order_of_bytes(kind, order):
    wide = Image.fromarray(np.array([[0, 0x7F80, 0xFFFF]], dtype=order))
    for given in (wide, encode(wide, kind)):
        assert pixels(given) == [(0, 0, 0), (0x7F, 0x7F, 0x7F), (255, 255, 255)]


def test_one_transparent_colour_of_sixteen_bits_is_refused():
    # Pillow would compare its low byte with what is left of the pixels: black for 0x7F00
    wide = Image.fromarray(np.array([[0, 0x7F00, 0xFF00]], dtype=np.uint16))
    coloured = make_png((1, 1), 16, 2, b"\x00\x7f\x00\x00\x00\x00\x00")
    clear = png_chunk(b"tRNS", b"\x7f\x00\x00\x00\x00\x00")
    for given in (encode(wide, transparency=0x7F00), with_chunks(coloured, clear)):
        with pytest.raises(UnreadablePictureError, match="save it with an alpha channel"):
            read_picture(given)


def test_a_profiles_colours_are_converted_to_srgb():
    red_and_green = Image.fromarray(np.array([[[255, 0, 0], [0, 255, 0]]], dtype=np.uint8))
    for kind in ("PNG", "TIFF"):
        first, second = pixels(encode(red_and_green, kind, icc_profile=swapped_profile()))
        assert first == pytest.approx((0, 255, 0), abs=2)
        assert second == pytest.approx((255, 0, 0), abs=2)


@pytest.mark.parametrize("profile", [SRGB, b"no profile at all"], ids=["sRGB", "broken"])
@pytest.mark.parametrize("mode", ["RGB", "L", "P", "LA", "RGBA"])
def test_a_profile_of_srgb_or_none_at_all_moves_no_pixel(profile, mode):
    picture = cut_out(255, 255, 255).convert(mode)
    assert pixels(encode(picture, icc_profile=profile)) == pixels(picture)


def test_colours_are_converted_before_they_lie_on_the_grey():
    picture = Image.new("RGBA", (1, 1), (255, 0, 0, 128))
    (pixel,) = pixels(encode(picture, icc_profile=swapped_profile()))
    # green at 128/255 over 128: red 128 × 127/255 = 63.7, green 128 + 63.7
    assert pixel == pytest.approx((64, 192, 64), abs=2)


def test_a_picture_that_was_read_before_is_not_converted_again():
    picture = Image.new("RGB", (1, 1), "red")
    once = read_picture(encode(picture, icc_profile=swapped_profile()))
    assert pixels(once) == [once.getpixel((0, 0))]
