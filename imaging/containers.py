"""The outside of image files: where the image ends, and whether another file follows it.

Pure functions over bytes, without decoding. Pixels and structure are judged: texts inside a file
and bytes after it are absent from the served copy.
"""

from collections.abc import Callable
from dataclasses import dataclass

from imaging.chunks import bare_png
from imaging.errors import SecondFile, SecondFileError, TruncatedError
from imaging.formats import BLANKS, PAGES, detect_format

OTHER_FILES = (b"PK\x03\x04", b"Rar!\x1a", b"7z\xbc\xaf\x27\x1c", b"\x7fELF", b"%pdf-")
MARKUP = (*PAGES, b"<svg", b"<?xml")
ZIP_END = b"PK\x05\x06"
ZIP_END_SIZE = 22  # bytes without the comment
JPEG_END, JPEG_FILL = 0xD9, 0xFF
JPEG_ALONE = frozenset({0x00, 0x01, *range(0xD0, 0xD8)})  # stuffed bytes and restart markers
GIF_TRAILER, GIF_IMAGE = 0x3B, 0x2C
BOX_HEAD, LONG_BOX_HEAD = 8, 16  # bytes of an ISO media file's box


@dataclass(frozen=True, slots=True)
class Container:
    """The structure of an image file, before any decoding.

    `data` is what is decoded, for PNG without the parts that do not affect its pixels; `profile` is
    the colour profile taken out of a PNG, because Pillow refuses long ones (other formats keep
    theirs inside); `end` is where the image ends in the file.
    """

    image_format: str
    data: bytes
    profile: bytes
    end: int


def read_container(data: bytes) -> Container:
    """Find out what format a file has, what is decoded of it, and where its image ends.

    Raises:
        UnknownFormatError: if it is not an image of an accepted format.
        TruncatedError: if it ends too early.
        ChecksumError: if a part that matters has a wrong checksum.
    """
    image_format = detect_format(data)
    if image_format == "PNG":
        bare, profile, end = bare_png(data)
        return Container(image_format, bare, profile, end)
    return Container(image_format, data, b"", END_FINDERS[image_format](data))


def check_second_file(data: bytes, end: int) -> None:
    """Refuse a file that is another file too.

    Cameras append films to photos, and screenshot tools leave an older picture behind the new one:
    only a whole archive, page, document or program behind the image makes it two files.

    Args:
        data: the whole file.
        end: where its image ends.

    Raises:
        SecondFileError: another file follows the image.
    """
    if _ends_as_zip(data):
        raise SecondFileError(SecondFile.ARCHIVE)
    rest = data[end : end + 4096].lstrip(BLANKS).lower()
    if rest.startswith(MARKUP):
        raise SecondFileError(SecondFile.PAGE)
    if rest.startswith(tuple(mark.lower() for mark in OTHER_FILES)):
        raise SecondFileError(SecondFile.OTHER)


def _ends_as_zip(data: bytes) -> bool:
    start = data.rfind(ZIP_END, max(0, len(data) - ZIP_END_SIZE - 0xFFFF))
    if start < 0 or start + ZIP_END_SIZE > len(data):
        return False
    comment = int.from_bytes(data[start + 20 : start + 22], "little")
    return start + ZIP_END_SIZE + comment == len(data)


def _end_of_jpeg(data: bytes) -> int:
    position = 2
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 2 > len(data):
            raise TruncatedError
        marker = data[position + 1]
        if marker == JPEG_END:
            return position + 2
        if marker == JPEG_FILL:
            position += 1
        elif marker in JPEG_ALONE:
            position += 2
        else:  # a segment that tells its own length
            position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")


def _end_of_gif(data: bytes) -> int:
    try:
        position, images = 13 + _colour_table(data[10]), 0
        while data[position] != GIF_TRAILER:
            images += data[position] == GIF_IMAGE
            if data[position] == GIF_IMAGE:  # descriptor, colour table, code size
                position += 11 + _colour_table(data[position + 9])
            else:
                position += 2
            while data[position]:
                position += 1 + data[position]
            position += 1
            if images and position == len(data):
                return position  # only the mark of the end is missing, as many writers leave it
    except IndexError as error:
        raise TruncatedError from error
    return position + 1


def _colour_table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_webp(data: bytes) -> int:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise TruncatedError
    return end


def _end_of_bmp(data: bytes) -> int:
    declared = int.from_bytes(data[2:6], "little")
    # Writers are careless with this field; a too short file shows when it is decoded.
    return declared if 0 < declared <= len(data) else len(data)


def _end_of_avif(data: bytes) -> int:
    position = 0
    while position + BOX_HEAD <= len(data) and data[position + 4 : position + 8].isalnum():
        size = int.from_bytes(data[position : position + 4], "big")
        if size == 1:
            size = int.from_bytes(data[position + BOX_HEAD : position + LONG_BOX_HEAD], "big")
        if size == 0:
            return len(data)
        if size < BOX_HEAD:
            break
        position += size
        if position > len(data):
            raise TruncatedError
    return position


END_FINDERS: dict[str, Callable[[bytes], int]] = {
    "JPEG": _end_of_jpeg,
    "GIF": _end_of_gif,
    "WEBP": _end_of_webp,
    "BMP": _end_of_bmp,
    "AVIF": _end_of_avif,
    "TIFF": len,  # directories may lie anywhere
}
