"""Image files of every kind, built here: modes, turns, profiles, depths, animations, torn files."""

import struct
import zlib
from collections.abc import Iterator

from PIL import Image as Pillow

from tests.factories.files import encode, make_png, png_chunk
from tests.factories.pictures import motion_photo, noise, text_chunk, with_chunks
from tests.factories.profiles import SRGB, swapped_profile

MODES = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "TIFF": ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I;16B"),
    "BMP": ("1", "L", "P", "RGB", "RGBA"),
    "GIF": ("1", "L", "P", "RGB", "RGBA"),
    "WEBP": ("L", "P", "RGB", "RGBA"),
    "AVIF": ("L", "RGB", "RGBA"),
    "JPEG": ("1", "L", "RGB", "CMYK"),
}
UNDISPLAYABLE = ("F", "I", "LAB")
TURNING = ("PNG", "JPEG", "WEBP", "TIFF", "AVIF")
ANIMATING = ("GIF", "WEBP", "PNG", "AVIF")
PROFILING = ("PNG", "JPEG", "WEBP", "TIFF", "AVIF")
PROFILES = {"srgb": SRGB, "swapped": swapped_profile(), "broken": b"no profile at all"}
ORIENTATION = 0x0112
# colour type of PNG: its samples a pixel, and the depths that it may have
COLOUR_TYPES = {0: (1, (1, 2, 4, 8, 16)), 2: (3, (8, 16)), 4: (2, (8, 16)), 6: (4, (8, 16))}
RENDERING = {  # chunks that ask for another rendering of the same samples
    "gAMA": png_chunk(b"gAMA", struct.pack(">I", 100_000)),
    "cHRM": png_chunk(b"cHRM", struct.pack(">8I", *(31_270, 32_900) * 4)),
    "sRGB": png_chunk(b"sRGB", b"\x00"),
    "cICP of PQ": png_chunk(b"cICP", bytes((9, 16, 0, 1))),
    "sBIT": png_chunk(b"sBIT", bytes((5, 6, 5))),
    "bKGD": png_chunk(b"bKGD", bytes(6)),
    "pHYs": png_chunk(b"pHYs", struct.pack(">IIB", 1000, 2000, 1)),
}


def picture(mode: str, size: tuple[int, int] = (17, 11)) -> Pillow.Image:
    """Noise of a mode, with every kind of alpha where it has one."""
    if mode in ("I;16", "I;16B"):
        return Pillow.frombytes(mode, size, noise("LA", size).tobytes())
    coloured = noise("RGBA", size)
    if mode in ("F", "I"):
        return coloured.convert("L").convert(mode)
    if mode == "LAB":
        return noise("LAB", size)
    return coloured.convert(mode)


def image_files() -> Iterator[tuple[str, bytes]]:
    """Whole files, each with a name that says what is special about it."""
    yield from _modes()
    yield from _depths()
    yield from _transparent_colours()
    yield from _turns()
    yield from _profiles()
    yield from _png_notes()
    yield from _animations()


def torn_files() -> Iterator[tuple[str, bytes]]:
    """Files that end too early or have a changed byte."""
    for kind in MODES:
        whole = encode(noise("RGB", (64, 48)), kind)
        for share in (0.02, 0.3, 0.6, 0.9, 0.98):
            yield f"{share:.0%} of a {kind}", whole[: int(len(whole) * share)]
        for missing in (1, 2, 4, 12):
            yield f"{kind} without its last {missing} bytes", whole[:-missing]
        for position in (3, 20, 40, len(whole) // 2, len(whole) - 9):
            changed = bytearray(whole)
            changed[position] ^= 0xFF
            yield f"{kind} with byte {position} changed", bytes(changed)


def _modes() -> Iterator[tuple[str, bytes]]:
    for kind, modes in MODES.items():
        for mode in modes:
            yield f"{kind} of {mode}", encode(picture(mode), kind)
    for mode in UNDISPLAYABLE:
        yield f"TIFF of {mode}", encode(picture(mode), "TIFF")
    for mode in ("RGB", "RGBA"):
        yield f"lossless WEBP of {mode}", encode(picture(mode), "WEBP", lossless=True, exact=True)
        opaque = picture(mode)
        opaque.putalpha(255)
        yield f"opaque {mode}", encode(opaque)
        hidden = picture(mode)
        hidden.putalpha(0)
        yield f"fully transparent {mode}", encode(hidden)
    for options in ({"progressive": True}, {"subsampling": 0}, {"quality": 20}):
        yield f"JPEG {options}", encode(noise(), "JPEG", **options)
    for packing in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        yield f"TIFF {packing}", encode(noise(), "TIFF", compression=packing)
    yield "one pixel", encode(Pillow.new("RGB", (1, 1), "teal"))
    yield "sliver", encode(Pillow.new("RGB", (900, 1), "teal"))


def _depths() -> Iterator[tuple[str, bytes]]:
    for colour_type, (samples, depths) in COLOUR_TYPES.items():
        for depth in depths:
            length = -(-5 * samples * depth // 8)
            lines = (bytes(i * 53 % 256 for i in range(start, start + length)) for start in (1, 9))
            rows = b"".join(b"\x00" + line for line in lines)
            name = f"PNG type {colour_type}, {depth} bits"
            yield name, make_png((5, 2), depth, colour_type, rows)
    rows = zlib.compress(b"\x00\x07\x00\xc8")
    header = struct.pack(">IIBBBBB", 2, 1, 8, 0, 0, 0, 1)
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")
    yield "interlaced PNG", b"\x89PNG\r\n\x1a\n" + chunks


def _transparent_colours() -> Iterator[tuple[str, bytes]]:
    grey, coloured = noise("L"), noise("RGB")
    palette = coloured.quantize(16)
    yield "one transparent grey", encode(grey, transparency=grey.getpixel((3, 2)))
    yield "one transparent colour", encode(coloured, transparency=coloured.getpixel((3, 2)))
    for kind in ("PNG", "GIF"):
        yield f"one transparent entry in {kind}", encode(palette, kind, transparency=3)
    shades = bytes(range(0, 256, 16))
    yield "transparent palette", encode(palette, transparency=shades)
    for depth, colour_type, clear in (
        (16, 0, b"\x00\x07"),
        (16, 0, b"\x7f\x00"),
        (16, 2, bytes(6)),
        (16, 2, b"\x12\x34" * 3),
        (8, 0, b"\x00\x07"),
        (8, 2, b"\x00\x01\x00\x02\x00\x03"),
    ):
        samples = 1 if colour_type == 0 else 3
        row = bytes(range(1, 1 + 2 * samples * depth // 8))
        plain = make_png((2, 1), depth, colour_type, b"\x00" + row)
        chunk = png_chunk(b"tRNS", clear)
        yield f"{depth} bits, type {colour_type}, clear {clear.hex()}", with_chunks(plain, chunk)


def _turns() -> Iterator[tuple[str, bytes]]:
    for turn in range(10):
        exif = Pillow.Exif()
        exif[ORIENTATION] = turn
        for kind in TURNING:
            for mode in ("L", "RGB", "RGBA"):
                if (kind, mode) != ("JPEG", "RGBA"):
                    yield f"{kind} of {mode}, turn {turn}", encode(picture(mode), kind, exif=exif)
    exif = Pillow.Exif()
    exif[ORIENTATION] = 6
    for mode in ("P", "LA", "I;16"):
        yield f"PNG of {mode}, turn 6", encode(picture(mode), exif=exif)
    for note in (b"garbage", b"II*\x00\xff\xff\xff\x7f", b""):
        yield f"broken notes {note.hex()}", with_chunks(encode(noise()), png_chunk(b"eXIf", note))
    xmp = png_chunk(b"iTXt", b"XML:com.adobe.xmp" + bytes(5) + b'<x tiff:Orientation="6"/>')
    yield "turned by XMP", with_chunks(encode(noise()), xmp)


def _profiles() -> Iterator[tuple[str, bytes]]:
    for name, profile in PROFILES.items():
        for kind in PROFILING:
            for mode in MODES[kind]:
                data = encode(picture(mode), kind, icc_profile=profile)
                yield f"{kind} of {mode} with {name} profile", data
    exif = Pillow.Exif()
    exif[ORIENTATION] = 5
    swapped = swapped_profile()
    yield "turned with profile", encode(picture("RGBA"), exif=exif, icc_profile=swapped)
    packed = zlib.compress(swapped + bytes(2_000_000))
    yield "long profile", with_chunks(encode(noise()), png_chunk(b"iCCP", b"p\0\0" + packed))


def _png_notes() -> Iterator[tuple[str, bytes]]:
    for name, chunk in RENDERING.items():
        yield name, with_chunks(encode(noise()), chunk)
        yield f"{name} and alpha", with_chunks(encode(picture("RGBA")), chunk)
    texts = [text_chunk(b"tEXt", b"x" * 2_000_000)] * 3
    yield "long texts", with_chunks(encode(noise()), *texts)
    yield (
        "wrong checksum of a text",
        with_chunks(encode(noise()), text_chunk(b"tEXt", b"a")[:-1] + b"?"),
    )


def _animations() -> Iterator[tuple[str, bytes]]:
    for mode in ("RGB", "RGBA"):
        frames = [picture(mode, (16, 16)), picture(mode, (16, 16)).rotate(90)]
        for kind in ANIMATING:
            data = encode(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
            yield f"animated {kind} of {mode}", data
    pages = encode(noise(), "TIFF", save_all=True, append_images=[noise("L")])
    yield "TIFF of two pages", pages
    yield "MPO", encode(noise(), "MPO", save_all=True, append_images=[noise("L")])
    yield "motion photo", motion_photo(noise())
