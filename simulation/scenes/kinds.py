"""The catalogue of things: names, positions, sizes, and who draws them."""

from collections.abc import Callable
from dataclasses import dataclass

from simulation.scenes import shapes_air as air
from simulation.scenes import shapes_indoor as indoor
from simulation.scenes import shapes_outdoor as outdoor
from simulation.scenes.graph import Scene, Thing
from simulation.scenes.palette import Rgb
from simulation.scenes.pen import Pen

Shape = Callable[[Pen, Rgb], None]
Lettered = Callable[[Pen, Rgb, str], None]


@dataclass(frozen=True)
class Kind:
    """One sort of thing.

    `aspect` is width over height, `height` a range in shares of the shorter side, `zone` where it
    belongs (`floor` or `air`), `families` the scenes that may hold it.
    """

    english: str
    chinese: str
    aspect: float
    height: tuple[float, float]
    zone: str
    families: tuple[str, ...]
    shape: Shape | None = None
    lettered: Lettered | None = None


_OUT = ("outdoor",)
_IN = ("indoor",)
_BOTH = ("outdoor", "indoor")

KINDS: dict[str, Kind] = {
    kind.english: kind
    for kind in (
        Kind("house", "房子", 1.2, (0.34, 0.46), "floor", _OUT, outdoor.house),
        Kind("tree", "树", 0.8, (0.36, 0.5), "floor", _OUT, outdoor.tree),
        Kind("pine tree", "松树", 0.68, (0.36, 0.5), "floor", _OUT, outdoor.pine),
        Kind("flower", "花", 0.6, (0.2, 0.28), "floor", _OUT, outdoor.flower),
        Kind("car", "汽车", 1.9, (0.15, 0.2), "floor", _OUT, outdoor.car),
        Kind("mushroom", "蘑菇", 0.96, (0.18, 0.26), "floor", _OUT, outdoor.mushroom),
        Kind("parasol", "阳伞", 1.24, (0.28, 0.38), "floor", _OUT, outdoor.umbrella),
        Kind("toy boat", "玩具船", 1.1, (0.24, 0.34), "floor", _BOTH, outdoor.boat),
        Kind("cat", "猫", 0.8, (0.22, 0.32), "floor", _BOTH, outdoor.cat),
        Kind("ball", "球", 1.0, (0.15, 0.24), "floor", _BOTH, indoor.ball),
        Kind("gift box", "礼物盒", 1.0, (0.19, 0.28), "floor", _BOTH, indoor.gift),
        Kind("crate", "箱子", 1.0, (0.18, 0.26), "floor", _BOTH, indoor.crate),
        Kind("mug", "杯子", 1.1, (0.18, 0.25), "floor", _IN, indoor.mug),
        Kind("vase", "花瓶", 0.6, (0.3, 0.4), "floor", _IN, indoor.vase),
        Kind("book", "书", 1.6, (0.14, 0.19), "floor", _IN, indoor.book),
        Kind("lamp", "台灯", 0.72, (0.34, 0.46), "floor", _IN, indoor.lamp),
        Kind("apple", "苹果", 1.04, (0.15, 0.21), "floor", _IN, indoor.apple),
        Kind("bottle", "瓶子", 0.36, (0.32, 0.42), "floor", _IN, indoor.bottle),
        Kind("teddy bear", "泰迪熊", 0.96, (0.27, 0.36), "floor", _IN, indoor.teddy),
        Kind("clock", "闹钟", 0.92, (0.2, 0.28), "floor", _IN, indoor.clock),
        Kind("balloon", "气球", 0.56, (0.28, 0.38), "air", _BOTH, air.balloon),
        Kind("star", "星星", 1.04, (0.14, 0.21), "air", _BOTH, air.star),
        Kind("kite", "风筝", 0.64, (0.26, 0.36), "air", _OUT, air.kite),
        Kind("bird", "小鸟", 1.6, (0.12, 0.17), "air", _OUT, air.bird),
        Kind("sign board", "招牌", 1.6, (0.27, 0.36), "floor", _OUT, lettered=air.sign),
        Kind("poster", "海报", 1.56, (0.22, 0.3), "air", _IN, lettered=air.poster),
    )
}


def area_box(scene: Scene, thing: Thing) -> tuple[int, int, int, int]:
    """The thing's box in pixels (left, top, right, bottom), cut at the picture's edges."""
    tall = thing.height * scene.short_side
    wide = tall * KINDS[thing.kind].aspect
    x, y = thing.x * scene.width, thing.y * scene.height
    left, right = max(0, round(x - wide / 2)), min(scene.width, round(x + wide / 2))
    top, bottom = max(0, round(y - tall)), min(scene.height, round(y))
    return left, top, max(right, left + 1), max(bottom, top + 1)


def area_share(scene: Scene, thing: Thing) -> float:
    """The share of the picture that the thing's box covers (0 to 1)."""
    left, top, right, bottom = area_box(scene, thing)
    return (right - left) * (bottom - top) / (scene.width * scene.height)
