"""Pictures as phones, cameras, Windows and generators write them; the model reads the same.

Where one is refused, what its remedy advises is done too, and must work.
"""

import zlib

import numpy as np
import pytest
from PIL import Image as Pillow

from annotation_app.services.images.decoding import decode_image
from annotation_app.services.images.places import has_place
from annotation_app.services.images.refusals import ImageRefusedError, Refusal
from modeling.data import UnreadablePictureError, read_picture
from modeling.data.pictures import BACKGROUND
from tests.factories.files import encode, png_chunk
from tests.factories.pictures import (
    BITFIELDS,
    HEIGHT,
    MASKS_565,
    MASKS_888,
    WIDTH,
    bmp,
    decoded,
    film,
    motion_photo,
    noise,
    text_chunk,
    with_chunks,
    with_segment,
)
from tests.factories.profiles import SRGB, swapped_profile

LONG = b"x" * 3_000_000  # unpacked; Pillow reads a million
MARKUP = b"a statue, <body lost in fog, <script by <?php <html> <!doctype %PDF- <svg"
PNG, JPEG = encode(noise()), encode(noise(), "JPEG")
TURNED = Pillow.Exif()
TURNED[0x0112] = 6
BIG_NOTE = text_chunk(b"zTXt", b"\x00" + zlib.compress(LONG))
COLOURS = bytes(value for level in range(256) for value in (level, 255 - level, level // 2, 0))


def refusal_of(data):
    with pytest.raises(ImageRefusedError) as caught:
        decode_image(data)
    return caught.value


def assert_read_alike(data):
    """The site shows what the model reads, over the model's grey where it is transparent."""
    shown = decode_image(data)
    grey = Pillow.new("RGBA", shown.pixels.size, BACKGROUND)
    grey.alpha_composite(shown.pixels.convert("RGBA"))
    expected = np.asarray(grey.convert("RGB"), dtype=int)
    assert np.abs(np.asarray(read_picture(data)) - expected).max() <= 1  # of rounding
    return shown


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
    shown = assert_read_alike(data).pixels
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
    assert assert_read_alike(data).pixels.getpixel((0, 0)) == expected


@pytest.mark.parametrize("is_top_down", [False, True])
def test_bmps_of_sixteen_and_thirty_two_bits_are_read(is_top_down):
    # 5 bits each of red, green and blue: 0 11111 00000 00001 is red 255, green 0, blue 8 (8.2)
    line = (0x7C01).to_bytes(2, "little") * WIDTH
    shown = assert_read_alike(bmp(16, [line] * HEIGHT, is_top_down=is_top_down)).pixels
    assert shown.getpixel((0, 0)) == (255, 0, 8)
    four = bytes((10, 20, 30, 0)) * WIDTH  # the fourth byte means nothing
    shown = assert_read_alike(bmp(32, [four] * HEIGHT, is_top_down=is_top_down)).pixels
    assert (shown.mode, shown.getpixel((0, 0))) == ("RGB", (30, 20, 10))


def test_bmps_that_tell_their_masks_are_read():
    line = (0x07E0).to_bytes(2, "little") * WIDTH
    data = bmp(16, [line] * HEIGHT, compression=BITFIELDS, masks=MASKS_565)
    assert assert_read_alike(data).pixels.getpixel((0, 0)) == (0, 255, 0)
    four = bytes((10, 20, 30, 0)) * WIDTH
    data = bmp(32, [four] * HEIGHT, compression=BITFIELDS, masks=MASKS_888)
    assert assert_read_alike(data).pixels.getpixel((0, 0)) == (30, 20, 10)


@pytest.mark.parametrize(
    ("bits", "code"),
    [
        (8, b"\x05\x07\x00\x00" * 2 + b"\x05\x09\x00\x01"),
        (4, b"\x05\x77\x00\x00" * 2 + b"\x05\x99\x00\x01"),
    ],
)
def test_a_run_length_coded_bmp_is_read(bits, code):
    data = bmp(bits, [code], palette=COLOURS[: 4 << bits], compression=3 - bits // 4)
    shown = assert_read_alike(data).pixels
    assert shown.getpixel((0, 0)) == (4, 246, 9)  # the last line is the topmost
    assert shown.getpixel((4, 2)) == (3, 248, 7)


def test_a_bmp_that_wraps_a_jpeg_is_refused_and_the_remedy_works():
    refusal = refusal_of(bmp(0, [JPEG], compression=4))
    assert refusal.code == Refusal.DAMAGED
    assert "Save it again as PNG" in refusal.remedy
    assert_read_alike(encode(noise()))


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
    "GIF comment": encode(noise().quantize(16), "GIF", comment=MARKUP),
    "JPEG comment": encode(noise(), "JPEG", comment=MARKUP),
    "XMP of WebP": encode(noise(), "WEBP", lossless=True, xmp=MARKUP),
    "XMP of JPEG": with_segment(JPEG, b"http://ns.adobe.com/xap/1.0/\x00" + MARKUP),
}


@pytest.mark.parametrize("noted", NOTED)
def test_what_stands_beside_the_pixels_is_left_out_whatever_it_says(noted):
    data = NOTED[noted]
    plain = JPEG if "JPEG" in noted else PNG
    if "GIF" in noted:
        plain = encode(noise().quantize(16), "GIF")
    shown = assert_read_alike(data)
    assert shown.pixels.tobytes() == decoded(plain)
    assert shown.pixels.info == {}


OTHER_FILES = (
    b"Rar!\x1a\x07\x00",
    b"7z\xbc\xaf\x27\x1c",
    b"%PDF-1.7",
    b"<svg xmlns=''>",
    b"\x7fELF",
)
BEHIND = {
    "Android motion photo": motion_photo(noise()),
    "iPhone live photo": JPEG + film(),
    "Samsung notes": JPEG
    + b"\x00\x00\x01\x0aMotionPhoto_Data"
    + film()
    + b"SEFH"
    + bytes(9)
    + b"SEFT",
    "newline": JPEG + b"\r\n",
    "screenshot over an older one": PNG + PNG[60:],
    "WebP with more": encode(noise(), "WEBP", lossless=True) + b"more",
    "GIF with more": encode(noise().quantize(16), "GIF") + b"more",
    "BMP with more": encode(noise(), "BMP") + b"more",
}


@pytest.mark.parametrize("behind", BEHIND)
def test_what_cameras_and_tools_leave_behind_a_picture_is_left_out(behind):
    assert assert_read_alike(BEHIND[behind]).pixels.size == noise().size


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "AVIF"])
@pytest.mark.parametrize(
    "other",
    [b"Rar!\x1a\x07\x00", b"7z\xbc\xaf\x27\x1c", b"%PDF-1.7", b"<svg xmlns=''>", b"\x7fELF"],
)
def test_another_file_behind_a_picture_is_refused_and_the_remedy_works(kind, other):
    refusal = refusal_of(encode(noise(), kind) + other + bytes(60))
    assert refusal.code == Refusal.POLYGLOT
    assert "save it as a new PNG" in refusal.remedy
    assert_read_alike(PNG)


def test_a_gif_without_the_mark_of_its_end_is_whole():
    data = encode(noise().quantize(16), "GIF")
    assert data.endswith(b"\x00;")
    assert assert_read_alike(data[:-1]).pixels.tobytes() == decoded(data)
    assert refusal_of(data[:-2]).code == Refusal.TRUNCATED


def test_a_multi_picture_jpeg_of_a_phone_gives_its_first_picture():
    data = encode(noise(), "MPO", save_all=True, append_images=[noise("L")])
    shown = assert_read_alike(data)
    assert shown.pixels.tobytes() == decoded(JPEG)
    assert shown.conversion == "first of several frames"


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_gives_its_first_frame_and_says_so(kind):
    frames = [Pillow.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    data = encode(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
    shown = assert_read_alike(data)
    assert shown.pixels.getpixel((3, 3)) == pytest.approx((255, 0, 0), abs=3)
    assert "first of several frames" in shown.conversion


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpegs_are_read_as_pillow_reads_them(mode, options):
    if mode == "CMYK":
        options.pop("subsampling", None)
    data = encode(noise(mode), "JPEG", **options)
    assert assert_read_alike(data).pixels.tobytes() == decoded(data)


def test_a_jpeg_with_a_thumbnail_in_its_notes_is_read_to_its_own_end():
    data = with_segment(JPEG, b"Exif\x00\x00" + b"MM\x00*\x00\x00\x00\x08" + bytes(6) + JPEG[:400])
    assert decode_image(data).pixels.tobytes() == decoded(JPEG)


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
def test_broken_notes_of_a_camera_are_no_reason_to_refuse_its_picture(notes):
    data = with_segment(JPEG, b"Exif\x00\x00" + notes)
    assert assert_read_alike(data).pixels.size == noise().size
    png = with_chunks(PNG, png_chunk(b"eXIf", notes))
    assert assert_read_alike(png).pixels.tobytes() == decoded(PNG)


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_every_turn_is_made_alike_on_the_site_and_for_the_model(kind, turn):
    exif = Pillow.Exif()
    exif[0x0112] = turn
    shown = assert_read_alike(encode(noise(), kind, exif=exif))
    assert shown.pixels.size == ((11, 17) if turn > 4 else (17, 11))


@pytest.mark.parametrize("packed", [False, True])
def test_notes_that_tell_what_is_up_are_heard(packed):
    raw = b"\nexif\n%8d\n%s\n" % (len(TURNED.tobytes()), TURNED.tobytes().hex().encode())
    content = b"\x00" + zlib.compress(raw) if packed else raw
    chunk = png_chunk(b"zTXt" if packed else b"tEXt", b"Raw profile type exif\x00" + content)
    assert assert_read_alike(with_chunks(PNG, chunk)).pixels.size == (11, 17)
    xmp = png_chunk(b"iTXt", b"XML:com.adobe.xmp" + bytes(5) + b'<x tiff:Orientation="6"/>')
    assert assert_read_alike(with_chunks(PNG, xmp)).pixels.size == (11, 17)


def test_a_long_profile_is_used():
    packed = zlib.compress(swapped_profile() + bytes(2_000_000))
    data = with_chunks(
        encode(Pillow.new("RGB", (2, 1), "red")), png_chunk(b"iCCP", b"p\0\0" + packed)
    )
    shown = assert_read_alike(data)
    assert shown.pixels.getpixel((0, 0)) == pytest.approx((0, 255, 0), abs=2)
    assert "converted to sRGB" in shown.conversion


def test_a_place_is_noticed_beside_a_long_text():
    exif = Pillow.Exif()
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0)}
    data = encode(noise(), exif=exif)
    assert has_place(data)
    assert has_place(with_chunks(data, BIG_NOTE))
    assert not has_place(with_chunks(PNG, BIG_NOTE))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pngs_of_every_kind_are_read_alike(mode):
    picture = noise("RGBA").convert("L").convert("I;16") if mode == "I;16" else noise("RGBA")
    assert_read_alike(encode(picture if mode == "I;16" else picture.convert(mode)))


def test_an_interlaced_png_is_read():
    # Adam7 of 2 × 1 pixels: the first pass has the left pixel, the sixth the right one
    rows = zlib.compress(b"\x00\x07\x00\xc8")
    header = (2).to_bytes(4, "big") + (1).to_bytes(4, "big") + bytes((8, 0, 0, 0, 1))
    data = PNG[:8] + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows) + PNG[-12:]
    assert assert_read_alike(data).pixels.tobytes() == b"\x07\x07\x07\xc8\xc8\xc8"


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_avif_is_read(mode):
    data = encode(noise(mode, (32, 24)), "AVIF", quality=90)
    shown = assert_read_alike(data)
    assert (shown.pixels.mode, shown.pixels.size) == (mode, (32, 24))
    assert shown.pixels.tobytes() == decoded(data, mode)
    refusal = refusal_of(data[: len(data) * 2 // 3])
    assert refusal.code in {Refusal.TRUNCATED, Refusal.DAMAGED}


def test_bigtiff_is_read():
    assert assert_read_alike(encode(noise(), "TIFF", big_tiff=True)).pixels.tobytes() == decoded(
        PNG
    )


@pytest.mark.parametrize(
    ("data", "what", "remedy"),
    [
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "a HEIC photo", "Most Compatible"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "a HEIC photo", "Save it as PNG"),
        (film(), "a video", "Save the frame"),
        (b"\x1a\x45\xdf\xa3" + bytes(40), "a video", "Save the frame"),
        (b"%PDF-1.7\n", "a PDF document", "Export it as PNG"),
        (b"8BPS\x00\x01", "a Photoshop document", "Export it as PNG"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "a JPEG XL picture", "Export it as PNG"),
        (b"PK\x03\x04" + bytes(40), "a ZIP archive", "Unpack it"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS", "git lfs pull"),
        (b"<!DOCTYPE html><html>", "an HTML page", "Download the picture itself"),
        (b"<svg xmlns=''/>", "an SVG drawing", "Export it as PNG"),
        (b"", "empty", "Copy or download it again"),
    ],
)
def test_what_is_no_picture_is_named_for_what_it_is_with_a_remedy(data, what, remedy):
    refusal = refusal_of(data)
    assert refusal.code == Refusal.NOT_AN_IMAGE
    assert what in refusal.reason
    assert remedy in refusal.remedy
    with pytest.raises(
        UnreadablePictureError, match="HEIC" if "HEIC" in what else "cannot identify"
    ):
        read_picture(data)
