"""What identifies an image: its pixels exactly, its look roughly."""

import hashlib

from PIL import Image as Pillow

HASH_COLUMNS, HASH_ROWS = 9, 8
SIGN_BIT = 1 << 63


def hash_pixels(image: Pillow.Image) -> str:
    """Sha256 of mode, width, height and pixels, as 64 hexadecimal digits.

    >>> hash_pixels(Pillow.new("RGB", (1, 1)))[:12]
    '46f3a7e45d03'
    """
    header = f"{image.mode} {image.width}x{image.height}\n".encode()
    digest = hashlib.sha256(header)
    digest.update(image.tobytes())
    return digest.hexdigest()


def hash_appearance(image: Pillow.Image) -> int:
    """64-bit difference hash (dHash) as a signed integer; transparent parts count as white.

    Bit by bit from the top left: is a cell of the 9 × 8 grey miniature brighter than its right
    neighbour (Krawetz 2013)? Near duplicates differ in few bits.
    """
    flat = image
    if image.mode == "RGBA":
        flat = Pillow.new("RGB", image.size, "white")
        flat.paste(image, mask=image.getchannel("A"))
    small = flat.convert("L").resize((HASH_COLUMNS, HASH_ROWS), Pillow.Resampling.BOX)
    cells = small.tobytes()
    bits = 0
    for row in range(HASH_ROWS):
        for column in range(HASH_COLUMNS - 1):
            at = row * HASH_COLUMNS + column
            bits = bits << 1 | (cells[at] > cells[at + 1])
    return bits - 2 * SIGN_BIT if bits & SIGN_BIT else bits
