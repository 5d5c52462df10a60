"""What foreign files become, or why they are refused."""

import io
import zipfile

import pytest
from PIL import Image as Pillow

from annotation_app.services.images.decoding import decode_image
from annotation_app.services.images.refusals import ImageRefusedError, Refusal
from tests.factories.files import encode, make_image, make_png, pixel_bomb
from tests.factories.profiles import SRGB, swapped_profile


def noise(mode="RGB", size=(16, 12)):
    """Pixels that compress badly, the same in every run."""
    count = size[0] * size[1] * len(Pillow.new(mode, (1, 1)).getbands())
    return Pillow.frombytes(mode, size, bytes((i * 97 + i // 7 * 31) % 256 for i in range(count)))


def refusal_of(data):
    with pytest.raises(ImageRefusedError) as caught:
        decode_image(data)
    return caught.value


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_lossless_formats_decode_to_their_pixels_without_a_note(kind):
    image = noise()
    decoded = decode_image(encode(image, kind))
    assert decoded.pixels.tobytes() == image.tobytes()
    assert decoded.conversion == ""


def test_jpeg_decodes_as_pillow_decodes_it():
    data = encode(noise(), "JPEG", quality=60)
    assert decode_image(data).pixels.tobytes() == Pillow.open(io.BytesIO(data)).tobytes()


def test_content_and_not_the_name_decides():
    assert decode_image(make_image(kind="JPEG")).pixels.size == (12, 8)


def test_alpha_and_the_colours_below_it_are_kept():
    image = noise("RGBA")
    assert decode_image(encode(image)).pixels.tobytes() == image.tobytes()


def test_alpha_that_hides_nothing_is_dropped():
    image = noise("RGB")
    decoded = decode_image(encode(image.convert("RGBA")))
    assert (decoded.pixels.mode, decoded.pixels.tobytes()) == ("RGB", image.tobytes())


def test_grey_and_bilevel_images_become_rgb_with_equal_channels():
    grey = noise("L")
    assert decode_image(encode(grey)).pixels.tobytes() == grey.convert("RGB").tobytes()
    bilevel = grey.point(lambda level: 255 * (level > 99)).convert("1")
    assert decode_image(encode(bilevel)).pixels.tobytes() == bilevel.convert("RGB").tobytes()


def test_grey_with_alpha_keeps_its_alpha():
    image = noise("LA")
    assert decode_image(encode(image)).pixels.tobytes() == image.convert("RGBA").tobytes()


def test_palette_is_expanded_and_says_so():
    palette = noise().quantize(16)
    decoded = decode_image(encode(palette))
    assert decoded.pixels.tobytes() == palette.convert("RGB").tobytes()
    assert decoded.conversion == "palette expanded"


def test_palette_with_transparent_entry_becomes_rgba():
    palette = noise().quantize(16)
    decoded = decode_image(encode(palette, transparency=3))
    assert decoded.pixels.mode == "RGBA"
    assert decoded.pixels.convert("RGB").tobytes() == palette.convert("RGB").tobytes()
    assert {0, 255} == set(decoded.pixels.getchannel("A").tobytes())


def test_sixteen_bit_grey_keeps_the_high_byte_and_says_so():
    # two pixels: 0x1234 and 0xFFEE
    decoded = decode_image(make_png((2, 1), 16, 0, b"\x00\x12\x34\xff\xee"))
    assert decoded.pixels.tobytes() == b"\x12\x12\x12\xff\xff\xff"
    assert decoded.conversion == "16 bits reduced to 8"


def test_sixteen_bit_colour_keeps_the_high_byte_and_says_so():
    decoded = decode_image(make_png((1, 1), 16, 2, b"\x00\x12\x34\xab\xcd\x00\xff"))
    assert decoded.pixels.tobytes() == b"\x12\xab\x00"
    assert decoded.conversion == "16 bits reduced to 8"


def test_cmyk_without_profile_is_converted_and_says_so():
    cmyk = noise("CMYK")
    decoded = decode_image(encode(cmyk, "TIFF"))
    assert decoded.pixels.tobytes() == cmyk.convert("RGB").tobytes()
    assert decoded.conversion == "CMYK without profile converted"


def test_exif_orientation_turns_the_image_upright():
    image = noise(size=(6, 4))
    exif = Pillow.Exif()
    exif[0x0112] = 6
    decoded = decode_image(encode(image, exif=exif))
    assert decoded.pixels.tobytes() == image.transpose(Pillow.Transpose.ROTATE_270).tobytes()
    assert decoded.conversion == "turned upright (EXIF 6)"


def test_embedded_srgb_profile_leaves_the_pixels_alone():
    image = noise()
    decoded = decode_image(encode(image, icc_profile=SRGB))
    assert decoded.pixels.tobytes() == image.tobytes()
    assert decoded.conversion == ""


def test_another_profile_is_converted_to_srgb_and_named():
    image = Pillow.new("RGB", (2, 1), (255, 0, 0))
    image.putpixel((1, 0), (0, 255, 0))
    decoded = decode_image(encode(image, icc_profile=swapped_profile()))
    first, second = decoded.pixels.getpixel((0, 0)), decoded.pixels.getpixel((1, 0))
    assert first == pytest.approx((0, 255, 0), abs=2)
    assert second == pytest.approx((255, 0, 0), abs=2)
    assert decoded.conversion.startswith("profile “")
    assert decoded.conversion.endswith("” converted to sRGB")


def test_converted_image_keeps_its_alpha():
    image = noise("RGBA")
    decoded = decode_image(encode(image, icc_profile=swapped_profile()))
    assert decoded.pixels.getchannel("A").tobytes() == image.getchannel("A").tobytes()


def test_broken_profile_is_ignored_and_says_so():
    image = noise()
    decoded = decode_image(encode(image, icc_profile=b"no profile at all"))
    assert decoded.pixels.tobytes() == image.tobytes()
    assert decoded.conversion == "unusable profile ignored"


def test_first_frame_of_an_animation_is_taken_and_says_so():
    frames = [Pillow.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    data = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    decoded = decode_image(data)
    assert decoded.pixels.getpixel((0, 0)) == (255, 0, 0)
    assert "first of several frames" in decoded.conversion


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.98])
def test_truncated_files_are_refused(kind, share):
    data = encode(noise(size=(64, 64)), kind)
    assert refusal_of(data[: int(len(data) * share)]).code in {Refusal.TRUNCATED, Refusal.DAMAGED}


def test_jpeg_without_its_end_is_refused_as_truncated():
    data = encode(noise(size=(64, 64)), "JPEG")
    assert refusal_of(data[:-2]).code == Refusal.TRUNCATED


def test_damaged_png_is_refused():
    data = bytearray(encode(noise(size=(64, 64))))
    data[len(data) // 2] ^= 0xFF
    assert refusal_of(bytes(data)).code == Refusal.DAMAGED


def test_pixel_bomb_is_refused_by_its_header():
    refusal = refusal_of(pixel_bomb())
    assert refusal.code == Refusal.TOO_LARGE
    assert "30,000 × 30,000" in refusal.reason or "more pixels" in refusal.reason


def test_one_side_beyond_webp_is_refused_with_its_limit():
    refusal = refusal_of(encode(Pillow.new("1", (16_384, 1))))
    assert refusal.code == Refusal.TOO_LARGE
    assert "16,383" in refusal.reason


def test_longest_side_is_taken():
    assert decode_image(encode(Pillow.new("1", (16_383, 1)))).pixels.width == 16_383


def test_too_many_pixels_are_refused(settings):
    settings.IMAGE_MAX_PIXELS = 100
    assert refusal_of(encode(Pillow.new("1", (11, 10)))).code == Refusal.TOO_LARGE
    assert decode_image(encode(Pillow.new("1", (10, 10)))).pixels.size == (10, 10)


def test_too_long_file_is_refused_before_anything_is_read(settings):
    settings.IMAGE_MAX_PIXELS = 10
    assert refusal_of(b"\x89PNG\r\n\x1a\n" + bytes(80)).code == Refusal.TOO_LARGE


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"<?xml version='1.0'?>\n<!-- x --><svg/>", "SVG"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><html></html>", "HTML"),
        (b"\x00\x01\x02", "something else"),
    ],
)
def test_what_is_no_image_is_refused_by_its_content(data, words):
    refusal = refusal_of(data)
    assert refusal.code == Refusal.NOT_AN_IMAGE
    assert words in refusal.reason


def test_other_formats_of_pillow_are_refused():
    assert refusal_of(encode(noise(), "PPM")).code == Refusal.NOT_AN_IMAGE
    assert refusal_of(encode(noise(), "ICO")).code == Refusal.NOT_AN_IMAGE


def zip_of(text):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", text)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_image_with_an_archive_behind_it_is_refused(kind):
    assert refusal_of(encode(noise(), kind) + zip_of("x")).code == Refusal.POLYGLOT


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_image_with_a_page_behind_it_is_refused(kind):
    page = b"<html><script>alert(1)</script></html>"
    assert refusal_of(encode(noise(), kind) + page).code == Refusal.POLYGLOT


def test_camera_notes_behind_a_jpeg_are_taken():
    image = encode(noise(), "JPEG")
    assert decode_image(image + image[:50] + b"SEFT" + bytes(9)).pixels.size == (16, 12)


def test_padding_behind_an_image_is_taken():
    assert decode_image(make_image() + bytes(512)).pixels.size == (12, 8)


def test_floating_point_samples_are_refused_with_a_remedy():
    refusal = refusal_of(encode(Pillow.new("F", (4, 4), 0.5), "TIFF"))
    assert refusal.code == Refusal.UNSUPPORTED
    assert "8 bits" in refusal.remedy


def test_pixels_carry_no_metadata():
    exif = Pillow.Exif()
    exif[0x010F] = "A camera"
    assert decode_image(make_image(exif=exif)).pixels.info == {}
