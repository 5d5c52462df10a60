"""Whatever the bytes, decoding ends in an image or in a refusal."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from imaging.errors import ImageError
from imaging.locations import has_gps
from tests.imaging.reading import show

KINDS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
MAGICS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF89a",
    b"BM",
    b"II*\x00",
    b"RIFF\x00\x00\x00\x00WEBP",
    b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif",
)


def valid(kind, **options):
    """A file of 20 × 20 noisy pixels."""
    image = Pillow.frombytes("RGB", (20, 20), bytes(i * 89 % 256 for i in range(1200)))
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


VALID = [valid(kind) for kind in KINDS] + [valid("TIFF", compression="tiff_lzw")]


def decode_or_refuse(data):
    """The size of the image, or None for a refusal; any other error is a failure."""
    has_gps(data)
    try:
        return show(data).pixels.size
    except ImageError:
        return None


@given(
    st.sampled_from(VALID),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=12),
)
@settings(max_examples=300, deadline=None)
def test_changed_bytes_end_in_an_image_or_a_refusal(data, changes):
    mutated = bytearray(data)
    for position, value in changes:
        mutated[position % len(mutated)] = value
    decode_or_refuse(bytes(mutated))


@given(st.sampled_from(VALID), st.integers(0, 10**6), st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_cut_out_parts_end_in_an_image_or_a_refusal(data, start, length):
    at = start % len(data)
    decode_or_refuse(data[:at] + data[at + length % 40 :])


@given(st.sampled_from(MAGICS), st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_noise_behind_a_magic_number_is_no_image_or_refused(magic, noise):
    size = decode_or_refuse(magic + noise)
    assert size is None or max(size) <= 16_383


@given(st.binary(max_size=64))
def test_noise_is_refused(noise):
    assert decode_or_refuse(noise) is None
