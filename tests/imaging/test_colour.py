"""From any mode and profile to sRGB."""

import sys

import numpy as np
import pytest
from PIL import Image as Pillow

from imaging.colour import to_srgb
from tests.factories.files import encode
from tests.factories.pictures import noise
from tests.factories.profiles import SRGB, swapped_profile
from tests.imaging.corpus import ORIENTATION
from tests.imaging.reading import show, show_alike


def test_cmyk_without_profile_is_converted_and_says_so():
    cmyk = noise("CMYK")
    shown = show(encode(cmyk, "TIFF"))
    assert shown.pixels.tobytes() == cmyk.convert("RGB").tobytes()
    assert shown.notes == ("CMYK without profile converted",)


def test_embedded_srgb_profile_leaves_the_pixels_alone():
    image = noise()
    shown = show(encode(image, icc_profile=SRGB))
    assert shown.pixels.tobytes() == image.tobytes()
    assert shown.notes == ()


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_another_profile_is_converted_to_srgb_and_named(kind):
    image = Pillow.new("RGB", (2, 1), (255, 0, 0))
    image.putpixel((1, 0), (0, 255, 0))
    options = {"lossless": True} if kind == "WEBP" else {}
    shown = show_alike(encode(image, kind, icc_profile=swapped_profile(), **options))
    assert shown.pixels.getpixel((0, 0)) == pytest.approx((0, 255, 0), abs=2)
    assert shown.pixels.getpixel((1, 0)) == pytest.approx((255, 0, 0), abs=2)
    (note,) = shown.notes
    assert note.startswith("profile “")
    assert note.endswith("” converted to sRGB")


def test_converted_image_keeps_its_alpha():
    image = noise("RGBA")
    shown = show_alike(encode(image, icc_profile=swapped_profile()))
    assert shown.pixels.getchannel("A").tobytes() == image.getchannel("A").tobytes()


def test_a_turned_image_is_converted_too():
    exif = Pillow.Exif()
    exif[ORIENTATION] = 3
    data = encode(Pillow.new("RGB", (2, 1), "red"), exif=exif, icc_profile=swapped_profile())
    assert show_alike(data).pixels.getpixel((0, 0)) == pytest.approx((0, 255, 0), abs=2)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_profile_of_another_colour_space_or_none_at_all_is_ignored_and_says_so(mode):
    image = noise(mode)
    profile = b"no profile at all" if mode == "RGB" else SRGB
    shown = show(encode(image, "TIFF", icc_profile=profile))
    assert shown.pixels.tobytes() == image.convert("RGB").tobytes()
    assert shown.notes == ("unusable profile ignored",)


@pytest.mark.parametrize("mode", ["I;16", "I;16L", "I;16B", "I;16N"])
def test_sixteen_bits_keep_their_high_byte_in_any_order_of_bytes(mode):
    levels = np.array([0, 0x00FF, 0x7F80, 0xFFFF])
    big = mode == "I;16B" or (mode == "I;16N" and sys.byteorder == "big")
    content = levels.astype(">u2" if big else "<u2").tobytes()
    image = Pillow.frombytes(mode, (4, 1), content)
    pixels, notes = to_srgb(image)
    assert [level for level, _, _ in np.asarray(pixels)[0].tolist()] == [0, 0, 0x7F, 0xFF]
    assert notes == ["16 bits reduced to 8"]
