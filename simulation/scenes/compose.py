"""Random scenes: which things are where. The world calls it with the item's stream."""

from dataclasses import dataclass

import numpy as np

from simulation.scenes.backdrops import names_of
from simulation.scenes.graph import Layer, Scene, Thing
from simulation.scenes.kinds import KINDS, Kind
from simulation.scenes.palette import PAINTS

WORDS = (
    "OPEN", "SALE", "CAFE", "BOOK", "FARM", "PARK", "MILK", "TAXI",
    "SHOP", "FISH", "TOYS", "GOLD", "MOON", "RAIN", "HOME", "KIWI",
)  # fmt: skip
LEAST_THINGS, MOST_THINGS = 3, 8
# Shares of scenes outdoors, with a board though none is asked for, with transparent corners.
OUTDOORS, WITH_BOARD, ROUNDED = 0.58, 0.15, 1 / 16
# Trees and signs are seldom any colour; the rest take every paint.
_OWN_PAINTS: dict[str, tuple[str, ...]] = {
    "tree": ("green", "orange", "teal", "yellow", "pink"),
    "pine tree": ("green", "teal", "white"),
    "apple": ("red", "green", "yellow"),
    "cat": ("orange", "brown", "white", "black"),
    "teddy bear": ("brown", "pink", "white", "purple", "teal"),
}


@dataclass(frozen=True)
class Canvas:
    """Size in pixels and whether the corners are transparent."""

    width: int
    height: int
    rounded: bool


def choose_canvas(rng: np.random.Generator, side: int) -> Canvas:
    """Mostly square, some 4:3 and 3:4, one in sixteen with transparent corners."""
    short = round(side * 0.75)
    sizes = ((side, side), (side, side), (side, side), (side, short), (short, side))
    width, height = sizes[int(rng.integers(len(sizes)))]
    return Canvas(width, height, rounded=bool(rng.random() < ROUNDED))


def compose_scene(rng: np.random.Generator, side: int, *, lettered: bool) -> Scene:
    """A scene of 3 to 8 things; `lettered` asks for a sign board or poster among them."""
    canvas = choose_canvas(rng, side)
    family = "outdoor" if rng.random() < OUTDOORS else "indoor"
    backdrops = names_of(family)
    count = int(rng.integers(LEAST_THINGS, MOST_THINGS + 1))
    kinds = _choose_kinds(rng, family, count, lettered=lettered)
    return Scene(
        width=canvas.width,
        height=canvas.height,
        family=family,
        backdrops=(Layer(backdrops[int(rng.integers(len(backdrops)))]),),
        backdrop_key=int(rng.integers(2**31)),
        things=_place(rng, kinds),
        rounded=canvas.rounded,
    )


def crowding(scene: Scene) -> float:
    """How full the scene is: 0 with three things, 1 with eight or more."""
    span = MOST_THINGS - LEAST_THINGS
    return min(1.0, max(0.0, (len(scene.things) - LEAST_THINGS) / span))


def pick_paint(rng: np.random.Generator, kind: str, without: frozenset[str]) -> str:
    """A paint that suits the kind, avoiding those named."""
    own = _OWN_PAINTS.get(kind, tuple(PAINTS))
    free = [paint for paint in own if paint not in without] or [
        paint for paint in PAINTS if paint not in without
    ]
    return free[int(rng.integers(len(free)))]


def _choose_kinds(
    rng: np.random.Generator, family: str, count: int, *, lettered: bool
) -> list[Kind]:
    plain = [k for k in KINDS.values() if family in k.families and k.shape is not None]
    boards = [k for k in KINDS.values() if family in k.families and k.lettered is not None]
    floor = [k for k in plain if k.zone == "floor"]
    air = [k for k in plain if k.zone == "air"]
    in_air = min(int(rng.integers(0, 3)), count - 2)
    with_board = lettered or rng.random() < WITH_BOARD
    chosen = [air[int(k)] for k in rng.permutation(len(air))[:in_air]]
    chosen += boards[:1] if with_board else []
    order = rng.permutation(len(floor))
    chosen += [floor[int(order[k % len(order)])] for k in range(count - len(chosen))]
    return chosen


def _place(rng: np.random.Generator, kinds: list[Kind]) -> tuple[Thing, ...]:
    """Things on the floor in two rows of slots, things in the air in a row above."""
    things: list[Thing] = []
    used: dict[str, frozenset[str]] = {}
    floor = [kind for kind in kinds if kind.zone == "floor"]
    air = [kind for kind in kinds if kind.zone == "air"]
    for group, high in ((floor, False), (air, True)):
        slots = rng.permutation(len(group))
        for kind, slot in zip(group, slots, strict=True):
            taken = used.get(kind.english, frozenset())
            paint = pick_paint(rng, kind.english, taken)
            used[kind.english] = taken | {paint}
            x = 0.12 + 0.76 * (int(slot) + rng.uniform(0.3, 0.7)) / max(1, len(group))
            things.append(_thing(rng, kind, paint, (x, high, int(slot) % 2 == 0)))
    return tuple(things)


def _thing(
    rng: np.random.Generator, kind: Kind, paint: str, spot: tuple[float, bool, bool]
) -> Thing:
    x, high, behind = spot
    low, top = kind.height
    margin = min(0.45, kind.aspect * top * 0.55)
    near = rng.uniform(0.62, 0.7) if behind else rng.uniform(0.8, 0.94)
    y = rng.uniform(0.32, 0.46) if high else near
    perspective = 0.84 if behind and not high else 1.0
    height = rng.uniform(low, top) * perspective
    # A word must be readable and a balloon whole: signs are in front, air has room above.
    y = max(y, 0.95 if kind.lettered is not None and not high else 0.0, height + 0.02)
    return Thing(
        kind=kind.english,
        paint=paint,
        tone=PAINTS[paint].rgb,
        x=float(min(1 - margin, max(margin, x))),
        y=float(y),
        height=float(height),
        text=WORDS[int(rng.integers(len(WORDS)))] if kind.lettered is not None else "",
    )
