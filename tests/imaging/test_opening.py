"""Pictures as phones, cameras, Windows and generators write them, format by format."""

import zlib

import pytest
from PIL import Image as Pillow

from imaging.errors import DamagedError, TruncatedError
from imaging.limits import Limits
from imaging.opening import EIGHT, SIXTEEN, open_image, take_image
from tests.factories.files import encode, make_png, png_chunk
from tests.factories.pictures import (
    BITFIELDS,
    HEIGHT,
    MASKS_565,
    MASKS_888,
    WIDTH,
    bmp,
    decoded,
    noise,
)
from tests.imaging.reading import LIMITS, refusal_of, show_alike

PNG, JPEG = encode(noise()), encode(noise(), "JPEG")
COLOURS = bytes(value for level in range(256) for value in (level, 255 - level, level // 2, 0))


def test_opening_reads_the_header_alone():
    lying = make_png((30, 20), 8, 2, b"\x00" * 10)  # with pixels for a part of the first row
    opened = open_image(lying, LIMITS)
    assert (opened.image.size, opened.pixels, opened.end) == ((30, 20), 600, len(lying))
    assert isinstance(refusal_of(lying), DamagedError | TruncatedError)


@pytest.mark.parametrize(("bits", "depth"), [(8, EIGHT), (16, SIXTEEN)])
def test_the_depth_of_samples_is_told(bits, depth):
    data = make_png((1, 1), bits, 2, b"\x00" + bytes(3 * bits // 8))
    assert open_image(data, LIMITS).depth == depth
    deep = noise("LA").tobytes() if bits == 16 else noise("L").tobytes()
    image = Pillow.frombytes("I;16" if bits == 16 else "L", (17, 11), deep)
    assert open_image(encode(image, "TIFF"), LIMITS).depth == depth
    assert take_image(image, Limits(pixels=187)).depth == depth


def test_a_header_that_is_not_one_is_refused_in_words_of_ours():
    broken = PNG[:8] + png_chunk(b"IHDR", b"short") + PNG[33:]
    refusal = refusal_of(broken)
    assert isinstance(refusal, DamagedError | TruncatedError)
    assert str(refusal)


def rows(depth):
    """Three rows of five pixels whose bytes all differ."""
    length = -(-WIDTH * depth // 8)
    return [bytes((start + i) % 256 for i in range(length)) for start in (3, 90, 201)]


@pytest.mark.parametrize("is_top_down", [False, True])
@pytest.mark.parametrize("told_size", [None, 0, 54, 60, 10**9])
def test_a_plain_bmp_is_read_whatever_size_it_tells(is_top_down, told_size):
    lines = rows(24)
    data = bmp(24, lines, is_top_down=is_top_down, told_size=told_size)
    first = lines[0]
    shown = show_alike(data).pixels
    assert shown.size == (WIDTH, HEIGHT)
    assert shown.getpixel((0, 0)) == (first[2], first[1], first[0])  # stored as blue, green, red
    assert shown.getpixel((4, 2)) == tuple(lines[2][14:11:-1])


@pytest.mark.parametrize("is_top_down", [False, True])
@pytest.mark.parametrize("bits", [1, 4, 8])
def test_a_bmp_with_a_palette_is_read(bits, is_top_down):
    lines = rows(bits)
    data = bmp(bits, lines, palette=COLOURS[: 4 << bits], is_top_down=is_top_down)
    index = lines[0][0] >> (8 - bits)
    expected = (index // 2, 255 - index, index)
    assert show_alike(data).pixels.getpixel((0, 0)) == expected


@pytest.mark.parametrize("is_top_down", [False, True])
def test_bmps_of_sixteen_and_thirty_two_bits_are_read(is_top_down):
    # 5 bits each of red, green and blue: 0 11111 00000 00001 is red 255, green 0, blue 8 (8.2)
    line = (0x7C01).to_bytes(2, "little") * WIDTH
    shown = show_alike(bmp(16, [line] * HEIGHT, is_top_down=is_top_down)).pixels
    assert shown.getpixel((0, 0)) == (255, 0, 8)
    four = bytes((10, 20, 30, 0)) * WIDTH  # the fourth byte means nothing
    shown = show_alike(bmp(32, [four] * HEIGHT, is_top_down=is_top_down)).pixels
    assert (shown.mode, shown.getpixel((0, 0))) == ("RGB", (30, 20, 10))


def test_bmps_that_tell_their_masks_are_read():
    line = (0x07E0).to_bytes(2, "little") * WIDTH
    data = bmp(16, [line] * HEIGHT, compression=BITFIELDS, masks=MASKS_565)
    assert show_alike(data).pixels.getpixel((0, 0)) == (0, 255, 0)
    four = bytes((10, 20, 30, 0)) * WIDTH
    data = bmp(32, [four] * HEIGHT, compression=BITFIELDS, masks=MASKS_888)
    assert show_alike(data).pixels.getpixel((0, 0)) == (30, 20, 10)


@pytest.mark.parametrize(
    ("bits", "code"),
    [
        (8, b"\x05\x07\x00\x00" * 2 + b"\x05\x09\x00\x01"),
        (4, b"\x05\x77\x00\x00" * 2 + b"\x05\x99\x00\x01"),
    ],
)
def test_a_run_length_coded_bmp_is_read(bits, code):
    data = bmp(bits, [code], palette=COLOURS[: 4 << bits], compression=3 - bits // 4)
    shown = show_alike(data).pixels
    assert shown.getpixel((0, 0)) == (4, 246, 9)  # the last line is the topmost
    assert shown.getpixel((4, 2)) == (3, 248, 7)


def test_a_bmp_that_wraps_a_jpeg_is_refused():
    assert isinstance(refusal_of(bmp(0, [JPEG], compression=4)), DamagedError)


def test_a_multi_picture_jpeg_of_a_phone_gives_its_first_picture():
    data = encode(noise(), "MPO", save_all=True, append_images=[noise("L")])
    shown = show_alike(data)
    assert shown.pixels.tobytes() == decoded(JPEG)
    assert shown.notes == ("first of several frames",)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_gives_its_first_frame_and_says_so(kind):
    frames = [Pillow.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    data = encode(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
    shown = show_alike(data)
    assert shown.pixels.getpixel((3, 3)) == pytest.approx((255, 0, 0), abs=3)
    assert "first of several frames" in shown.notes


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpegs_are_read_as_pillow_reads_them(mode, options):
    if mode == "CMYK":
        options.pop("subsampling", None)
    data = encode(noise(mode), "JPEG", **options)
    assert show_alike(data).pixels.tobytes() == decoded(data)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pngs_of_every_kind_are_read_alike(mode):
    picture = noise("RGBA").convert("L").convert("I;16") if mode == "I;16" else noise("RGBA")
    show_alike(encode(picture if mode == "I;16" else picture.convert(mode)))


def test_an_interlaced_png_is_read():
    # Adam7 of 2 × 1 pixels: the first pass has the left pixel, the sixth the right one
    rows = zlib.compress(b"\x00\x07\x00\xc8")
    header = (2).to_bytes(4, "big") + (1).to_bytes(4, "big") + bytes((8, 0, 0, 0, 1))
    data = PNG[:8] + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows) + PNG[-12:]
    assert show_alike(data).pixels.tobytes() == b"\x07\x07\x07\xc8\xc8\xc8"


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_avif_is_read(mode):
    data = encode(noise(mode, (32, 24)), "AVIF", quality=90)
    shown = show_alike(data)
    assert (shown.pixels.mode, shown.pixels.size) == (mode, (32, 24))
    assert shown.pixels.tobytes() == decoded(data, mode)
    assert isinstance(refusal_of(data[: len(data) * 2 // 3]), TruncatedError)


def test_bigtiff_is_read():
    assert show_alike(encode(noise(), "TIFF", big_tiff=True)).pixels.tobytes() == decoded(PNG)
