"""Performing an edit on the scene graph, wholly or in part, rightly or wrongly. Editors call it."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from simulation.scenes.edits import Edit
from simulation.scenes.graph import Layer, Scene, Thing
from simulation.scenes.palette import PAINTS, mix

LETTER_MISTAKES = str.maketrans("ABEFGHIKLMNOPRSTUXY", "RDFEOMLXJNMQBPZIVKV")
_DROPPING = 0.7


@dataclass(frozen=True)
class Attempt:
    """How an editor goes about it: the share done (0 to 1) and whether the wrong thing is done."""

    completeness: float = 1.0
    wrong: bool = False


@dataclass(frozen=True)
class Outcome:
    """The scene that came out and the completeness reached (0 to 1), letters counted whole."""

    scene: Scene
    completeness: float


def perform_edit(scene: Scene, edit: Edit, attempt: Attempt) -> Outcome:
    """Perform the edit on the graph.

    Raises:
        KeyError: If the edit's category is unknown.
    """
    return _PERFORMERS[edit.category](scene, edit, attempt)


def _recolour(scene: Scene, edit: Edit, attempt: Attempt) -> Outcome:
    thing = scene.things[edit.target]
    goal = PAINTS[edit.wrong_value if attempt.wrong else edit.value].rgb
    tone = mix(thing.tone, goal, attempt.completeness)
    return Outcome(scene.with_thing(edit.target, replace(thing, tone=tone)), attempt.completeness)


def _add(scene: Scene, edit: Edit, attempt: Attempt) -> Outcome:
    thing = edit.wrong_thing if attempt.wrong else edit.thing
    things = scene.things
    if thing is not None and attempt.completeness > 0:
        things = (*things, replace(thing, opacity=thing.opacity * attempt.completeness))
    return Outcome(replace(scene, things=things), attempt.completeness)


def _remove(scene: Scene, edit: Edit, attempt: Attempt) -> Outcome:
    index = edit.wrong_target if attempt.wrong else edit.target
    thing = scene.things[index]
    faded = replace(thing, opacity=1 - attempt.completeness)
    return Outcome(scene.with_thing(index, faded), attempt.completeness)


def _move(scene: Scene, edit: Edit, attempt: Attempt) -> Outcome:
    thing = scene.things[edit.target]
    goal = edit.wrong_x if attempt.wrong else edit.x
    moved = replace(thing, x=thing.x + (goal - thing.x) * attempt.completeness)
    return Outcome(scene.with_thing(edit.target, moved), attempt.completeness)


def _restyle(scene: Scene, edit: Edit, attempt: Attempt) -> Outcome:
    name = edit.wrong_value if attempt.wrong else edit.value
    styles = (*scene.styles, Layer(name, attempt.completeness))
    return Outcome(replace(scene, styles=styles), attempt.completeness)


def _background(scene: Scene, edit: Edit, attempt: Attempt) -> Outcome:
    name = edit.wrong_value if attempt.wrong else edit.value
    backdrops = (*scene.backdrops, Layer(name, attempt.completeness))
    return Outcome(replace(scene, backdrops=backdrops), attempt.completeness)


def _text(scene: Scene, edit: Edit, attempt: Attempt) -> Outcome:
    thing = scene.things[edit.target]
    goal = edit.wrong_value if attempt.wrong else edit.value
    done = round(len(goal) * attempt.completeness)
    text = goal[:done] + thing.text[done:].translate(LETTER_MISTAKES if done else {})
    written = replace(thing, text=text)
    return Outcome(scene.with_thing(edit.target, written), done / len(goal))


def spoil_bystanders(scene: Scene, edit: Edit, share: float) -> Scene:
    """Repaint that share of the unmentioned things; above 0.7 one of them goes missing."""
    safe = {edit.target, len(scene.things) - 1 if edit.category == "add" else -1}
    others = [index for index in range(len(scene.things)) if index not in safe]
    count = math.ceil(share * len(others))
    result = scene
    for index in others[:count]:
        result = result.with_thing(index, _repainted(result.things[index], share))
    if share > _DROPPING and len(others) > 1:
        faded = replace(result.things[others[-1]], opacity=0.0)
        result = result.with_thing(others[-1], faded)
    return result


def _repainted(thing: Thing, share: float) -> Thing:
    names = tuple(PAINTS)
    paint = PAINTS[names[(names.index(thing.paint) + 4) % len(names)]]
    return replace(thing, tone=mix(thing.tone, paint.rgb, 0.5 + 0.5 * share))


_PERFORMERS: dict[str, Callable[[Scene, Edit, Attempt], Outcome]] = {
    "recolour": _recolour,
    "add": _add,
    "remove": _remove,
    "move": _move,
    "restyle": _restyle,
    "background": _background,
    "text": _text,
}
