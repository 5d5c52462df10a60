"""What an instruction asks of a scene: a frozen edit, chosen at random. World calls it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from simulation.scenes.backdrops import names_of
from simulation.scenes.compose import WORDS, pick_paint
from simulation.scenes.graph import Scene, Thing
from simulation.scenes.kinds import KINDS, area_box, area_share
from simulation.scenes.palette import PAINTS
from simulation.scenes.styles import STYLES

CATEGORIES = ("recolour", "add", "remove", "move", "restyle", "background", "text")
# More of a thing's box than this hidden behind nearer things, and it is not asked for.
MOST_HIDDEN = 0.4


@dataclass(frozen=True)
class Edit:
    """One request.

    `target` is the thing spoken of (-1: none); `value` the paint, word, style or backdrop asked
    for and `wrong_value` what a mistaken editor takes instead; `thing` is the thing to be added
    and `wrong_thing` its mistaken twin; `x` and `wrong_x` are where a moved thing goes.
    """

    category: str
    target: int = -1
    wrong_target: int = -1
    value: str = ""
    wrong_value: str = ""
    thing: Thing | None = None
    wrong_thing: Thing | None = None
    x: float = 0.0
    wrong_x: float = 0.0


def propose_edit(rng: np.random.Generator, scene: Scene, category: str) -> Edit:
    """A random edit of the category that this scene allows.

    Raises:
        KeyError: If the category is unknown.
    """
    return _PROPOSALS[category](rng, scene)


def changed_share(scene: Scene, edit: Edit) -> float:
    """The share of the picture that the correct edit changes (0 to 1): the size of the edit."""
    if edit.category in {"restyle", "background"}:
        return 1.0 if edit.category == "restyle" else 0.8
    if edit.thing is not None:
        return area_share(scene, edit.thing)
    share = area_share(scene, scene.things[edit.target])
    return {"move": 2.0, "text": 0.4}.get(edit.category, 1.0) * share


def edited_boxes(scene: Scene, edit: Edit) -> tuple[tuple[int, int, int, int], ...]:
    """The pixel boxes where the edit takes place; the whole picture for global edits."""
    if edit.thing is not None:
        return (area_box(scene, edit.thing),)
    if edit.target < 0:
        return ((0, 0, scene.width, scene.height),)
    old = scene.things[edit.target]
    if edit.category != "move":
        return (area_box(scene, old),)
    return area_box(scene, old), area_box(scene, replace(old, x=edit.x))


def _visible_targets(scene: Scene) -> list[int]:
    """Things that are not mostly hidden, else all."""
    order = sorted(
        range(len(scene.things)),
        key=lambda k: (KINDS[scene.things[k].kind].zone != "air", scene.things[k].y),
    )
    found = []
    for rank, index in enumerate(order):
        nearer = [scene.things[other] for other in order[rank + 1 :]]
        if _hidden_share(scene, scene.things[index], nearer) <= MOST_HIDDEN:
            found.append(index)
    return found or order


def _hidden_share(scene: Scene, thing: Thing, nearer: list[Thing]) -> float:
    left, top, right, bottom = area_box(scene, thing)
    mask = np.zeros((bottom - top, right - left), dtype=bool)
    for other in nearer:
        x0, y0, x1, y1 = area_box(scene, other)
        mask[max(0, y0 - top) : max(0, y1 - top), max(0, x0 - left) : max(0, x1 - left)] = True
    return float(mask.mean())


def _two_targets(rng: np.random.Generator, scene: Scene) -> tuple[int, int]:
    """A thing that can be seen, and another one that may be mistaken for it."""
    visible = _visible_targets(scene)
    target = visible[int(rng.integers(len(visible)))]
    others = [index for index in range(len(scene.things)) if index != target]
    return target, others[int(rng.integers(len(others)))]


def _two_names(rng: np.random.Generator, names: tuple[str, ...], present: str) -> tuple[str, str]:
    free = [name for name in names if name != present]
    first, second = rng.permutation(len(free))[:2]
    return free[int(first)], free[int(second)]


def _recolour(rng: np.random.Generator, scene: Scene) -> Edit:
    target, other = _two_targets(rng, scene)
    paint = scene.things[target].paint
    value, wrong = _two_names(rng, tuple(PAINTS), paint)
    return Edit("recolour", target, other, value, wrong)


def _remove(rng: np.random.Generator, scene: Scene) -> Edit:
    target, other = _two_targets(rng, scene)
    return Edit("remove", target, other)


def _move(rng: np.random.Generator, scene: Scene) -> Edit:
    target, other = _two_targets(rng, scene)
    thing = scene.things[target]
    margin = min(0.4, thing.height * KINDS[thing.kind].aspect * 0.5)
    left, right = margin + 0.02, 0.98 - margin
    to_left = thing.x - left > right - thing.x
    goal, wrong = (left, right) if to_left else (right, left)
    value = "left" if to_left else "right"
    return Edit("move", target, other, value, x=float(goal), wrong_x=float(wrong))


def _add(rng: np.random.Generator, scene: Scene) -> Edit:
    present = {thing.kind for thing in scene.things}
    free = [
        kind
        for kind in KINDS.values()
        if scene.family in kind.families and kind.shape and kind.english not in present
    ]
    first, second = (free[int(k)] for k in rng.permutation(len(free))[:2])
    paint = pick_paint(rng, first.english, frozenset())
    x = _widest_gap(scene, high=first.zone == "air")
    height = float(rng.uniform(*first.height))
    y = float(rng.uniform(0.36, 0.46) if first.zone == "air" else rng.uniform(0.82, 0.94))
    y = max(y, height + 0.02)
    thing = Thing(first.english, paint, PAINTS[paint].rgb, x, y, height)
    other = pick_paint(rng, second.english, frozenset({paint}))
    wrong = Thing(second.english, other, PAINTS[other].rgb, x, y, float(np.mean(second.height)))
    return Edit("add", thing=thing, wrong_thing=wrong)


def _widest_gap(scene: Scene, *, high: bool) -> float:
    """The x furthest from every thing of that row."""
    row = [t.x for t in scene.things if (KINDS[t.kind].zone == "air") == high]
    spots = np.linspace(0.16, 0.84, 18)
    distances = np.abs(spots[:, None] - np.asarray([*row, -0.2, 1.2])[None, :]).min(axis=1)
    return float(spots[int(distances.argmax())])


def _restyle(rng: np.random.Generator, scene: Scene) -> Edit:
    present = scene.styles[-1].name if scene.styles else ""
    value, wrong = _two_names(rng, tuple(STYLES), present)
    return Edit("restyle", value=value, wrong_value=wrong)


def _background(rng: np.random.Generator, scene: Scene) -> Edit:
    value, wrong = _two_names(rng, names_of(scene.family), scene.backdrops[0].name)
    return Edit("background", value=value, wrong_value=wrong)


def _text(rng: np.random.Generator, scene: Scene) -> Edit:
    target = next(k for k, thing in enumerate(scene.things) if thing.text)
    value, wrong = _two_names(rng, WORDS, scene.things[target].text)
    return Edit("text", target, value=value, wrong_value=wrong)


_PROPOSALS: dict[str, Callable[[np.random.Generator, Scene], Edit]] = {
    "recolour": _recolour,
    "add": _add,
    "remove": _remove,
    "move": _move,
    "restyle": _restyle,
    "background": _background,
    "text": _text,
}
