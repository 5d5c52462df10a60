"""Pictures byte by byte, as cameras, phones, painting and generating programs write them."""

import io
import struct

from PIL import Image as Pillow

from tests.factories.files import encode, png_chunk

WIDTH, HEIGHT = 5, 3
MASKS_565, MASKS_888 = (0xF800, 0x7E0, 0x1F), (0xFF0000, 0xFF00, 0xFF)
BITFIELDS = 3


def noise(mode: str = "RGB", size: tuple[int, int] = (17, 11)) -> Pillow.Image:
    """Pixels that compress badly, the same in every run."""
    count = size[0] * size[1] * len(Pillow.new(mode, (1, 1)).getbands())
    return Pillow.frombytes(mode, size, bytes((i * 97 + i // 7 * 31) % 256 for i in range(count)))


def bmp(  # noqa: PLR0913 - the fields of the format
    bits: int,
    rows: list[bytes],
    *,
    palette: bytes = b"",
    compression: int = 0,
    masks: tuple[int, ...] = (),
    is_top_down: bool = False,
    told_size: int | None = None,
    width: int = WIDTH,
) -> bytes:
    """A BMP of these rows, the topmost first (one string of codes where it is compressed)."""
    stored = rows if is_top_down else rows[::-1]
    is_coded = compression in {1, 2}
    pixels = b"".join(row if is_coded else row + bytes(-len(row) % 4) for row in stored)
    height = HEIGHT if is_coded else len(rows)
    extra = struct.pack(f"<{len(masks)}I", *masks) + palette
    offset = 54 + len(extra)
    size = offset + len(pixels) if told_size is None else told_size
    head = struct.pack("<2sIHHI", b"BM", size, 0, 0, offset)
    signed = -height if is_top_down else height
    facts = (40, width, signed, 1, bits, compression, len(pixels), 2835, 2835, 0, 0)
    return head + struct.pack("<IiiHHIIiiII", *facts) + extra + pixels


def with_chunks(png: bytes, *chunks: bytes, at_end: bool = False) -> bytes:
    """A PNG with more chunks behind its header, or before its end."""
    at = len(png) - 12 if at_end else 33
    return png[:at] + b"".join(chunks) + png[at:]


def text_chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk with that text under the name that ComfyUI gives it."""
    return png_chunk(kind, b"workflow\x00" + content)


def with_segment(jpeg: bytes, content: bytes, marker: int = 0xE1) -> bytes:
    """A JPEG with one more segment behind its start."""
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + jpeg[2:]


def film() -> bytes:
    """The beginning of an MP4 film, with bytes in it that look like other files' by chance."""
    data = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42"
    return data + b"\x00\x00\x40\x00mdat" + bytes(range(256)) + b"<svg <?php PK\x03\x04 <body %PDF-"


def motion_photo(picture: Pillow.Image) -> bytes:
    """A JPEG with a film behind it, as Android phones write it."""
    note = b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta><rdf:RDF GCamera:MotionPhoto='1'/>"
    return with_segment(encode(picture, "JPEG"), note) + film()


def decoded(data: bytes, mode: str = "RGB") -> bytes:
    """The pixels as Pillow alone decodes them."""
    with Pillow.open(io.BytesIO(data)) as picture:
        return picture.convert(mode).tobytes()
