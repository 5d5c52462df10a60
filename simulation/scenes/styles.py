"""Styles: whole-picture looks that a restyling asks for. Rendering and instructions call it."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageOps

Look = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True)
class Style:
    """A look with the words that ask for it."""

    name: str
    english: str
    chinese: str
    look: Look


def _black_and_white(image: Image.Image) -> Image.Image:
    return ImageOps.autocontrast(image.convert("L"), cutoff=1).convert("RGB")


def _sepia(image: Image.Image) -> Image.Image:
    return ImageOps.colorize(image.convert("L"), (44, 26, 12), (255, 240, 208), (176, 128, 78))


def _pencil(image: Image.Image) -> Image.Image:
    grey = image.convert("L")
    soft = ImageOps.invert(grey).filter(ImageFilter.GaussianBlur(max(2.0, image.height / 48)))
    sketch = ImageChops.add(grey, soft.point(lambda v: v // 2), scale=1.0, offset=10)
    edges = ImageOps.invert(grey.filter(ImageFilter.FIND_EDGES)).filter(ImageFilter.SMOOTH)
    return ImageChops.multiply(sketch, edges).convert("RGB")


def _pixel_art(image: Image.Image) -> Image.Image:
    block = max(2, round(min(image.size) / 44))
    small = image.reduce(block)
    return ImageOps.posterize(small, 4).resize(image.size, Image.Resampling.NEAREST)


def _pop_art(image: Image.Image) -> Image.Image:
    flat = ImageOps.posterize(image, 2)
    return ImageOps.autocontrast(Image.blend(flat, ImageOps.solarize(image, 170), 0.45))


def _negative(image: Image.Image) -> Image.Image:
    return ImageOps.invert(image)


STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        Style("black-and-white", "a black-and-white photo", "黑白照片", _black_and_white),
        Style("sepia", "an old sepia photo", "怀旧的棕褐色照片", _sepia),
        Style("pencil", "a pencil sketch", "铅笔素描", _pencil),
        Style("pixel-art", "pixel art", "像素画", _pixel_art),
        Style("pop-art", "a pop-art poster", "波普艺术海报", _pop_art),
        Style("negative", "a film negative", "胶片负片", _negative),
    )
}
