"""The scene graph: frozen values that say what a picture shows. All of the room uses it."""

from dataclasses import dataclass, replace

from simulation.scenes.palette import Rgb


@dataclass(frozen=True)
class Thing:
    """One object.

    `x`, `y` place the middle of its base as shares of the picture's width and height; `height` is
    a share of the shorter side; `paint` is the colour's name and `tone` the colour drawn.
    """

    kind: str
    paint: str
    tone: Rgb
    x: float
    y: float
    height: float
    text: str = ""
    opacity: float = 1.0


@dataclass(frozen=True)
class Layer:
    """A named backdrop or style and how much of the picture it takes (0 to 1)."""

    name: str
    share: float = 1.0


@dataclass(frozen=True)
class Scene:
    """A picture to be drawn: backdrops wiped over each other from the left, things, then styles."""

    width: int
    height: int
    family: str
    backdrops: tuple[Layer, ...]
    backdrop_key: int
    things: tuple[Thing, ...]
    styles: tuple[Layer, ...] = ()
    rounded: bool = False

    @property
    def short_side(self) -> int:
        """The shorter side in pixels, the unit of a thing's height."""
        return min(self.width, self.height)

    def with_thing(self, index: int, thing: Thing) -> "Scene":
        """The scene with the thing at `index` exchanged."""
        things = (*self.things[:index], thing, *self.things[index + 1 :])
        return replace(self, things=things)
