"""Named paints in English and Chinese, and colour arithmetic. Drawing and instructions call it."""

from dataclasses import dataclass

Rgb = tuple[int, int, int]

WHITE: Rgb = (255, 255, 255)
BLACK: Rgb = (0, 0, 0)


@dataclass(frozen=True)
class Paint:
    """A colour that an instruction can name."""

    english: str
    chinese: str
    rgb: Rgb


PAINTS: dict[str, Paint] = {
    paint.english: paint
    for paint in (
        Paint("red", "红色", (214, 48, 49)),
        Paint("orange", "橙色", (240, 134, 36)),
        Paint("yellow", "黄色", (247, 205, 46)),
        Paint("green", "绿色", (58, 158, 72)),
        Paint("teal", "青色", (24, 160, 160)),
        Paint("blue", "蓝色", (43, 103, 214)),
        Paint("purple", "紫色", (132, 70, 190)),
        Paint("pink", "粉色", (240, 122, 172)),
        Paint("white", "白色", (240, 240, 236)),
        Paint("brown", "棕色", (136, 84, 48)),
        Paint("black", "黑色", (48, 48, 54)),
    )
}


def mix(first: Rgb, second: Rgb, share: float) -> Rgb:
    """The colour `share` of the way from `first` (0) to `second` (1)."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def darker(colour: Rgb, share: float = 0.25) -> Rgb:
    """`colour` moved towards black."""
    return mix(colour, BLACK, share)


def lighter(colour: Rgb, share: float = 0.3) -> Rgb:
    """`colour` moved towards white."""
    return mix(colour, WHITE, share)
