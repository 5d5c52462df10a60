"""The catalogue of backdrops and the cached painting of one. Rendering and instructions call it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from simulation.scenes import backdrops_indoor as indoor
from simulation.scenes import backdrops_outdoor as outdoor
from simulation.seeding import stream


@dataclass(frozen=True)
class Backdrop:
    """A place: its names as an instruction says them, its family and its painter."""

    name: str
    english: str
    chinese: str
    family: str
    paint: Callable[[Image.Image, np.random.Generator], None]


BACKDROPS: dict[str, Backdrop] = {
    place.name: place
    for place in (
        Backdrop("meadow", "a sunny meadow", "阳光下的草地", "outdoor", outdoor.meadow),
        Backdrop("sunset", "hills at sunset", "日落时的山丘", "outdoor", outdoor.sunset),
        Backdrop("snow", "a snowy field", "下雪的原野", "outdoor", outdoor.snow),
        Backdrop("desert", "a sandy desert", "沙漠", "outdoor", outdoor.desert),
        Backdrop("beach", "a beach by the sea", "海边的沙滩", "outdoor", outdoor.beach),
        Backdrop("night", "a city street at night", "夜晚的城市街道", "outdoor", outdoor.night),
        Backdrop("living-room", "a living room", "客厅", "indoor", indoor.living_room),
        Backdrop("kitchen", "a kitchen", "厨房", "indoor", indoor.kitchen),
        Backdrop("study", "a study with bookshelves", "有书架的书房", "indoor", indoor.study),
        Backdrop("nursery", "a child's bedroom", "儿童卧室", "indoor", indoor.nursery),
        Backdrop("gallery", "a white gallery", "白色的画廊", "indoor", indoor.gallery),
    )
}


def names_of(family: str) -> tuple[str, ...]:
    """The backdrops of one family (`outdoor` or `indoor`)."""
    return tuple(name for name, place in BACKDROPS.items() if place.family == family)


# The source and the twelve candidates of an item share one backdrop, so few are kept.
@lru_cache(maxsize=8)
def paint_backdrop(name: str, size: tuple[int, int], key: int) -> Image.Image:
    """The backdrop as an RGB image; callers must copy it before drawing on it."""
    image = Image.new("RGB", size)
    BACKDROPS[name].paint(image, stream(key, "backdrop", name))
    return image
