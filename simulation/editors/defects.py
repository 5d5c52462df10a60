"""Defects in the pixels: blur, seams, JPEG crush and tint by severity. `draw` calls them."""

import io

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Box = tuple[int, int, int, int]
BEST_QUALITY, WORST_QUALITY = 45, 2
# Less than this severity leaves no trace in 8-bit pixels.
UNSEEN = 0.01


def blur_image(image: Image.Image, severity: float) -> Image.Image:
    """Gaussian blur, up to 2 % of the shorter side."""
    radius = severity * 0.020 * min(image.size)
    return image.filter(ImageFilter.GaussianBlur(radius)) if severity > UNSEEN else image


def crush_image(image: Image.Image, severity: float) -> Image.Image:
    """JPEG compression from quality 45 (severity near 0) down to 2."""
    if severity <= UNSEEN:
        return image
    share = severity**0.35
    quality = round(BEST_QUALITY + (WORST_QUALITY - BEST_QUALITY) * share)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def tint_image(image: Image.Image, severity: float, rng: np.random.Generator) -> Image.Image:
    """A colour cast over everything, half-covering at severity 1."""
    casts = ((255, 150, 40), (70, 110, 255), (60, 220, 120), (230, 70, 200))
    cast = Image.new("RGB", image.size, casts[int(rng.integers(len(casts)))])
    return Image.blend(image, cast, 0.45 * severity)


def seam_image(image: Image.Image, severity: float, boxes: tuple[Box, ...]) -> Image.Image:
    """A patch with a visible border around each edited box: shifted light and a hard edge."""
    if severity <= UNSEEN:
        return image
    result = image.copy()
    for box in boxes:
        _leave_patch(result, severity, _grown(box, image.size))
    return result


def _leave_patch(image: Image.Image, severity: float, box: Box) -> None:
    patch = image.crop(box)
    lit = ImageChops.add(patch, Image.new("RGB", patch.size, (70, 66, 54)))
    shifted = ImageChops.offset(lit, max(1, round(0.012 * min(image.size))), 0)
    image.paste(Image.blend(patch, shifted, 0.9 * severity), box)
    frame = (box[0], box[1], box[2] - 1, box[3] - 1)
    ink = (40, 36, 40, round(200 * severity))
    width = max(1, round(0.008 * min(image.size)))
    ImageDraw.Draw(image, "RGBA").rectangle(frame, outline=ink, width=width)


def _grown(box: Box, size: tuple[int, int]) -> Box:
    """The box grown by 4 %, or the middle of the picture where it is the whole."""
    if box[2] - box[0] >= size[0] and box[3] - box[1] >= size[1]:
        return size[0] // 4, size[1] // 5, size[0] * 3 // 4, size[1] * 4 // 5
    margin = round(0.04 * min(size))
    left, top = max(0, box[0] - margin), max(0, box[1] - margin)
    right, bottom = min(size[0], box[2] + margin), min(size[1], box[3] + margin)
    return left, top, max(right, left + 2), max(bottom, top + 2)
