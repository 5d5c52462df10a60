"""Colour profiles to embed in pictures."""

import struct

from PIL import ImageCms

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile():
    """An sRGB profile whose red and green primaries are exchanged: a conversion one can predict."""
    data = bytearray(SRGB)
    tags = {
        bytes(data[at : at + 4]): at
        for at in range(132, 132 + 12 * struct.unpack_from(">I", data, 128)[0], 12)
    }
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)
