"""A pen with a local coordinate system, so that shapes are drawn once for every place and size."""

from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from simulation.scenes.palette import Rgb

Point = tuple[float, float]
Ink = Rgb | tuple[int, int, int, int]


@lru_cache(maxsize=64)
def font(pixels: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own bundled font at a height in pixels."""
    return ImageFont.load_default(size=pixels)


class Pen:
    """Draws with the origin at `(x, y)` pixels, y upwards and `unit` pixels to one."""

    def __init__(self, image: Image.Image, x: float, y: float, unit: float) -> None:
        self._draw = ImageDraw.Draw(image, "RGBA")
        self._x, self._y, self._unit = x, y, unit

    def _at(self, point: Point) -> Point:
        return self._x + point[0] * self._unit, self._y - point[1] * self._unit

    def _box(self, left: float, low: float, right: float, high: float) -> list[float]:
        x0, y0 = self._at((left, high))
        x1, y1 = self._at((right, low))
        return [x0, y0, max(x0, x1), max(y0, y1)]

    def polygon(self, points: Sequence[Point], ink: Ink) -> None:
        """A filled polygon."""
        self._draw.polygon([self._at(point) for point in points], fill=ink)

    def oval(self, middle: Point, radius_x: float, radius_y: float, ink: Ink) -> None:
        """A filled ellipse."""
        x, y = middle
        box = self._box(x - radius_x, y - radius_y, x + radius_x, y + radius_y)
        self._draw.ellipse(box, fill=ink)

    def disc(self, middle: Point, radius: float, ink: Ink) -> None:
        """A filled circle."""
        self.oval(middle, radius, radius, ink)

    def box(self, low_left: Point, high_right: Point, ink: Ink, *, corner: float = 0.0) -> None:
        """A filled rectangle, its corners rounded by `corner`."""
        area = self._box(*low_left, *high_right)
        self._draw.rounded_rectangle(area, radius=corner * self._unit, fill=ink)

    def line(self, points: Sequence[Point], ink: Ink, width: float) -> None:
        """An open line of a width in local units."""
        pixels = max(1, round(width * self._unit))
        self._draw.line([self._at(p) for p in points], fill=ink, width=pixels, joint="curve")

    def arc(self, middle: Point, radius: float, degrees: Point, ink: Ink, width: float) -> None:
        """A circular arc, its degrees counted clockwise from three o'clock."""
        x, y = middle
        box = self._box(x - radius, y - radius, x + radius, y + radius)
        self._draw.arc(box, *degrees, fill=ink, width=max(1, round(width * self._unit)))

    def word(self, middle: Point, text: str, ink: Ink, size: Point) -> None:
        """A word centred at `middle`, as large as fits in `size` (width, height)."""
        width, height = size[0] * self._unit, size[1] * self._unit
        pixels = max(6, round(height))
        length = self._draw.textlength(text or " ", font=font(pixels))
        pixels = max(6, round(pixels * min(1.0, width / length)))
        self._draw.text(self._at(middle), text, fill=ink, font=font(pixels), anchor="mm")
