"""The words of an edit in English or Simplified Chinese, clear or vague. World calls it."""

import numpy as np

from simulation.scenes.backdrops import BACKDROPS
from simulation.scenes.edits import Edit
from simulation.scenes.graph import Scene, Thing
from simulation.scenes.kinds import KINDS
from simulation.scenes.palette import PAINTS
from simulation.scenes.styles import STYLES

ENGLISH, CHINESE = "en", "zh-Hans"

_PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    ENGLISH: {
        "recolour": (
            "Change the colour of the {thing} to {value}",
            "Make the {thing} {value}",
            "Paint the {thing} {value}",
        ),
        "add": ("Add {article} {new}", "Put {article} {new} into the picture"),
        "remove": ("Remove the {thing}", "Take the {thing} out of the picture"),
        "move": (
            "Move the {thing} to the {value} edge of the picture",
            "Put the {thing} on the far {value}",
        ),
        "restyle": ("Turn the picture into {value}", "Redraw the whole image as {value}"),
        "background": (
            "Replace the background with {value}",
            "Move the scene to {value}, keeping every object",
        ),
        "text": ('Replace "{word}" on the {thing} with "{value}"', 'Let the {thing} say "{value}"'),
    },
    CHINESE: {
        "recolour": ("把{thing}改成{value}", "将{thing}的颜色换成{value}"),
        "add": ("在画面中添加一个{new}",),
        "remove": ("移除{thing}", "把{thing}从画面中去掉"),
        "move": ("把{thing}移到画面的{value}",),
        "restyle": ("把整张图片变成{value}",),
        "background": ("把背景换成{value}",),
        "text": ("把{thing}上的“{word}”改成“{value}”",),
    },
}
_VAGUE = {
    ENGLISH: ("Make that one a bit different", "Fix it up somehow", "Change this to look better"),
    CHINESE: ("把那个稍微改一下", "弄得好看一点"),
}


def phrase_edit(rng: np.random.Generator, scene: Scene, edit: Edit, language: str) -> str:
    """A sentence that asks for the edit, in `en` or `zh-Hans`."""
    phrases = _PHRASES[language][edit.category]
    words = _words(scene, edit, language)
    return phrases[int(rng.integers(len(phrases)))].format(**words)


def phrase_vaguely(rng: np.random.Generator, language: str) -> str:
    """A sentence that leaves open what is wanted: the planted ambiguous instruction."""
    phrases = _VAGUE[language]
    return phrases[int(rng.integers(len(phrases)))]


def _words(scene: Scene, edit: Edit, language: str) -> dict[str, str]:
    words = {"value": _value(edit, language)}
    if edit.target >= 0:
        thing = scene.things[edit.target]
        words |= {"thing": _name(thing, language), "word": thing.text}
    if edit.thing is not None:
        new = _name(edit.thing, language)
        words |= {"new": new, "article": "an" if new[0] in "aeiou" else "a"}
    return words


def _name(thing: Thing, language: str) -> str:
    kind, paint = KINDS[thing.kind], PAINTS[thing.paint]
    if language == CHINESE:
        return f"{paint.chinese}{kind.chinese}"
    return f"{paint.english} {kind.english}"


def _value(edit: Edit, language: str) -> str:
    chinese = language == CHINESE
    if edit.category == "recolour":
        return PAINTS[edit.value].chinese if chinese else edit.value
    if edit.category == "restyle":
        return STYLES[edit.value].chinese if chinese else STYLES[edit.value].english
    if edit.category == "background":
        place = BACKDROPS[edit.value]
        return place.chinese if chinese else place.english
    if edit.category == "move" and chinese:
        return "最左边" if edit.value == "left" else "最右边"
    return edit.value
