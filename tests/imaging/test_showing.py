"""The pixels that files show, mode by mode."""

import io

import pytest
from PIL import Image as Pillow

from imaging.errors import SampleKindError, TransparentColourError
from imaging.limits import Limits
from imaging.opening import take_image
from imaging.showing import show_image
from tests.factories.files import encode, make_image, make_png, png_chunk
from tests.factories.pictures import noise, with_chunks
from tests.imaging.corpus import RENDERING
from tests.imaging.reading import refusal_of, show, show_alike


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_lossless_formats_show_their_pixels_without_a_note(kind):
    image = noise()
    shown = show(encode(image, kind))
    assert shown.pixels.tobytes() == image.tobytes()
    assert shown.notes == ()


def test_jpeg_shows_what_pillow_decodes():
    data = encode(noise(), "JPEG", quality=60)
    assert show(data).pixels.tobytes() == Pillow.open(io.BytesIO(data)).tobytes()


def test_alpha_and_the_colours_below_it_are_kept():
    image = noise("RGBA")
    assert show(encode(image)).pixels.tobytes() == image.tobytes()


def test_alpha_that_hides_nothing_is_dropped():
    image = noise("RGB")
    shown = show(encode(image.convert("RGBA")))
    assert (shown.pixels.mode, shown.pixels.tobytes()) == ("RGB", image.tobytes())


def test_grey_and_bilevel_images_become_rgb_with_equal_channels():
    grey = noise("L")
    assert show(encode(grey)).pixels.tobytes() == grey.convert("RGB").tobytes()
    bilevel = grey.point(lambda level: 255 * (level > 99)).convert("1")
    assert show(encode(bilevel)).pixels.tobytes() == bilevel.convert("RGB").tobytes()


def test_grey_with_alpha_keeps_its_alpha():
    image = noise("LA")
    assert show(encode(image)).pixels.tobytes() == image.convert("RGBA").tobytes()


def test_palette_is_expanded_and_says_so():
    palette = noise().quantize(16)
    shown = show(encode(palette))
    assert shown.pixels.tobytes() == palette.convert("RGB").tobytes()
    assert shown.notes == ("palette expanded",)


def test_palette_with_transparent_entry_becomes_rgba():
    palette = noise().quantize(16)
    shown = show(encode(palette, transparency=3))
    assert shown.pixels.mode == "RGBA"
    assert shown.pixels.convert("RGB").tobytes() == palette.convert("RGB").tobytes()
    assert {0, 255} == set(shown.pixels.getchannel("A").tobytes())


def test_sixteen_bit_grey_keeps_the_high_byte_and_says_so():
    # two pixels: 0x1234 and 0xFFEE
    shown = show(make_png((2, 1), 16, 0, b"\x00\x12\x34\xff\xee"))
    assert shown.pixels.tobytes() == b"\x12\x12\x12\xff\xff\xff"
    assert shown.notes == ("16 bits reduced to 8",)


def test_sixteen_bit_colour_keeps_the_high_byte_and_says_so():
    shown = show(make_png((1, 1), 16, 2, b"\x00\x12\x34\xab\xcd\x00\xff"))
    assert shown.pixels.tobytes() == b"\x12\xab\x00"
    assert shown.notes == ("16 bits reduced to 8",)


@pytest.mark.parametrize("clear", [b"\x00\x00", b"\x00\x07", b"\x12\x34"])
@pytest.mark.parametrize("colour_type", [0, 2])
def test_one_transparent_colour_of_sixteen_bits_is_refused(colour_type, clear):
    samples = 1 + colour_type
    plain = make_png((1, 1), 16, colour_type, b"\x00" + b"\x12\x34" * samples)
    data = with_chunks(plain, png_chunk(b"tRNS", clear * samples))
    assert isinstance(refusal_of(data), TransparentColourError)


@pytest.mark.parametrize("mode", ["F", "I", "LAB"])
def test_samples_without_an_agreed_display_are_refused(mode):
    refusal = refusal_of(encode(Pillow.new(mode, (4, 4)), "TIFF"))
    assert isinstance(refusal, SampleKindError)
    assert refusal.mode == mode


def test_first_frame_of_an_animation_is_taken_and_says_so():
    frames = [Pillow.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    shown = show(encode(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert shown.pixels.getpixel((0, 0)) == (255, 0, 0)
    assert "first of several frames" in shown.notes


@pytest.mark.parametrize("rendering", RENDERING)
def test_only_a_profile_moves_colours(rendering):
    image = noise()
    shown = show_alike(with_chunks(encode(image), RENDERING[rendering]))
    assert shown.pixels.tobytes() == image.tobytes()
    assert shown.notes == ()


def test_pixels_carry_no_metadata():
    exif = Pillow.Exif()
    exif[0x010F] = "A camera"
    assert show(make_image(exif=exif)).pixels.info == {}


def test_an_image_in_memory_is_left_as_it_is():
    image = noise()
    image.info = {"dpi": (72, 72)}
    shown = show_image(take_image(image, Limits(pixels=1000))).pixels
    assert shown is not image
    assert (shown.info, image.info) == ({}, {"dpi": (72, 72)})
    shown.putpixel((0, 0), (9, 9, 9))
    assert image.tobytes() == noise().tobytes()
