"""Lossless copies give back every pixel and nothing else."""

import io
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from annotation_app.services.images import preparing
from annotation_app.services.images.encoding import encode_lossless, encode_thumbnail
from annotation_app.services.images.fingerprints import hash_appearance, hash_pixels
from annotation_app.services.images.preparing import prepare_image
from tests.factories.files import encode


@st.composite
def pictures(draw, modes=("RGB", "RGBA", "L", "LA", "P", "1")):
    """Small images of any mode, with few colours so that encoders try their tricks."""
    mode = draw(st.sampled_from(modes))
    width, height = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    base = "L" if mode in {"P", "1"} else mode
    bands = len(Pillow.new(base, (1, 1)).getbands())
    levels = st.sampled_from((0, 1, 127, 128, 254, 255))
    data = bytes(
        draw(st.lists(levels, min_size=width * height * bands, max_size=width * height * bands))
    )
    return Pillow.frombytes(base, (width, height), data).convert(mode)


def as_shown(image):
    """The same pixels as RGBA, as a screen shows them."""
    return image.convert("RGBA").tobytes()


@given(pictures())
@settings(max_examples=60, deadline=None)
def test_copy_of_any_mode_shows_the_pixels_of_the_file(image):
    prepared = prepare_image(encode(image))
    copy = Pillow.open(io.BytesIO(prepared.encoded))
    assert as_shown(copy) == as_shown(image)
    assert (copy.width, copy.height) == (prepared.width, prepared.height) == image.size
    assert hash_pixels(copy) == prepared.pixel_sha256


@given(pictures(modes=("RGB", "RGBA")))
@settings(max_examples=40, deadline=None)
def test_same_pixels_in_two_formats_are_the_same_image(image):
    first, second = prepare_image(encode(image)), prepare_image(encode(image, "TIFF"))
    assert first.pixel_sha256 == second.pixel_sha256
    assert first.file_sha256 != second.file_sha256


def test_colour_under_full_transparency_survives():
    image = Pillow.new("RGBA", (4, 4), (10, 20, 30, 0))
    image.putpixel((1, 1), (200, 100, 50, 255))
    copy = Pillow.open(io.BytesIO(encode_lossless(image)))
    assert copy.tobytes() == image.tobytes()


def chunks_of(webp):
    """The names of a WebP file's chunks, in order."""
    names, position = [], 12
    while position < len(webp):
        size = int.from_bytes(webp[position + 4 : position + 8], "little")
        names.append(webp[position : position + 4])
        position += 8 + size + size % 2
    return names


def test_copy_holds_lossless_pixels_and_no_metadata():
    exif = Pillow.Exif()
    exif[0x010F] = "A camera"
    source = encode(Pillow.new("RGB", (5, 5), "teal"), "JPEG", exif=exif, comment=b"secret")
    prepared = prepare_image(source)
    assert chunks_of(prepared.encoded) == [b"VP8L"]
    assert set(chunks_of(prepared.thumbnail)) <= {b"VP8 ", b"VP8X", b"ALPH"}


def test_thumbnail_is_at_most_384_pixels_and_keeps_the_proportions():
    small = Pillow.open(io.BytesIO(encode_thumbnail(Pillow.new("RGB", (1000, 500)))))
    assert small.size == (384, 192)
    tiny = Pillow.open(io.BytesIO(encode_thumbnail(Pillow.new("RGBA", (3, 2), (1, 2, 3, 4)))))
    assert tiny.size == (3, 2)
    sliver = Pillow.open(io.BytesIO(encode_thumbnail(Pillow.new("RGB", (16_383, 1)))))
    assert sliver.size == (384, 1)


def test_pixel_hash_tells_sizes_and_modes_apart():
    # printf 'RGB 2x1\n\0\0\0\0\0\0' | sha256sum
    wide = Pillow.new("RGB", (2, 1))
    assert hash_pixels(wide) != hash_pixels(Pillow.new("RGB", (1, 2)))
    assert hash_pixels(wide) != hash_pixels(Pillow.new("RGBA", (2, 1)))


def test_difference_hash_of_falling_and_rising_ramps_by_hand():
    falling = Pillow.frombytes("L", (9, 8), bytes(range(80, -1, -10)) * 8).convert("RGB")
    rising = Pillow.frombytes("L", (9, 8), bytes(range(0, 90, 10)) * 8).convert("RGB")
    assert hash_appearance(falling) == -1  # all 64 bits set, as a signed number
    assert hash_appearance(rising) == 0


def test_difference_hash_hardly_changes_with_size_and_compression():
    gradient = Pillow.linear_gradient("L").rotate(30).convert("RGB")
    crushed = Pillow.open(io.BytesIO(encode(gradient.resize((100, 80)), "JPEG", quality=40)))
    distance = (hash_appearance(gradient) ^ hash_appearance(crushed)) & (2**64 - 1)
    assert distance.bit_count() <= 6


def test_copy_that_differs_is_never_returned(monkeypatch):
    monkeypatch.setattr(Pillow.Image, "tobytes", iter_of_two())
    with pytest.raises(RuntimeError, match="same pixels"):
        encode_lossless(Pillow.new("RGB", (2, 2)))


def iter_of_two():
    """A `tobytes` that answers differently every time."""
    answers = iter(range(100))
    return lambda *_args, **_options: bytes([next(answers)])


def test_large_images_are_prepared_one_at_a_time(monkeypatch):
    monkeypatch.setattr(preparing, "LARGE", 10)
    running, most = [], []
    decode = preparing.decode_image

    def count(data):
        running.append(1)
        most.append(len(running))
        time.sleep(0.02)
        running.pop()
        return decode(data)

    monkeypatch.setattr(preparing, "decode_image", count)
    with ThreadPoolExecutor(4) as pool:
        large = encode(Pillow.new("RGB", (5, 5)))
        assert len({one.pixel_sha256 for one in pool.map(prepare_image, [large] * 6)}) == 1
    assert max(most) == 1
