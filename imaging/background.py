"""What shows through transparent pixels where a reader takes opaque ones only."""

from PIL import Image as Pillow

# The mean of the two greys of the checkerboard, #9a9a9a and #666, over which annotators see them.
BACKGROUND = (128, 128, 128)


def flatten(pixels: Pillow.Image) -> Pillow.Image:
    """Shown pixels in mode RGB, with the grey of the checkerboard under what is transparent."""
    if pixels.mode == "RGB":
        return pixels
    flat = Pillow.new("RGB", pixels.size, BACKGROUND)
    flat.paste(pixels.convert("RGB"), mask=pixels.getchannel("A"))
    return flat
