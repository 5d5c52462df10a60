"""The chat template that a checkpoint ships, and the text that it makes of one rating prompt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transformers.utils.chat_template_utils import render_jinja_template

from modeling.backbones.qwen.families import Family
from modeling.backbones.qwen.files import read_object
from modeling.backbones.qwen.tokens import (
    IM_END,
    IM_START,
    IMAGE_PAD,
    VISION_END,
    VISION_START,
)

JINJA_FILE, LEGACY_FILE = "chat_template.jinja", "chat_template.json"
PROCESSOR_FILE, TOKENIZER_FILE = "processor_config.json", "tokenizer_config.json"
NAMED_FOLDER = "chat_templates"  # further templates, each in a file of its name
KEY, DEFAULT = "chat_template", "default"
LIMIT = 2**20  # bytes; published ones have some thousands
WORDS = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")
SHOWN_IMAGE = f"{VISION_START}{IMAGE_PAD}{VISION_END}"


@dataclass(frozen=True, slots=True)
class ChatTemplate:
    """How a conversation of one user turn is laid out.

    ``source`` is the Jinja text, or None for the plain layout of the family with ``system``.
    """

    origin: str  # which file or rule it comes from; results name it
    source: str | None = None
    system: str = ""  # of the plain layout
    words: Mapping[str, str] = field(default_factory=dict)  # the tokenizer's special tokens

    def render(self, text: str) -> str:
        """The whole prompt of [source image, edited image, text], image tokens not yet repeated.

        It is rendered in transformers' sandbox. ``ValueError`` names a template that is malformed,
        refuses the conversation or does what the sandbox forbids.
        """
        if self.source is None:
            return _plain(self.system, text)
        content = [
            {"type": "image", "image": "source"},
            {"type": "image", "image": "edited"},
            {"type": "text", "text": text},
        ]
        words: dict[str, Any] = dict(self.words)
        try:
            rendered: Any = render_jinja_template(  # its annotation names a text
                conversations=[[{"role": "user", "content": content}]],
                chat_template=self.source,
                add_generation_prompt=True,
                **words,
            )
        except Exception as error:  # a template can fail in every way that a program can
            reason = f"{type(error).__name__}: {error}"
            raise ValueError(f"{self.origin} cannot be applied: {reason}") from error
        return str(rendered[0][0])


def read_template(folders: tuple[Path, ...], family: Family, system: str | None) -> ChatTemplate:
    """The template of the first folder that ships one, else the family's plain layout.

    ``system`` is a system prompt that the caller asked for; the plain layout then has it.
    """
    if system is not None:
        return ChatTemplate("the system prompt that was asked for", system=system)
    for folder in dict.fromkeys(folders):
        for read in _PLACES:
            if (found := read(folder)) is not None:
                path, value = found
                return ChatTemplate(path.name, _default(value, path), words=_words(folder))
    return ChatTemplate(f"the default of {family.name.value}", system=family.system_prompt)


def _plain(system: str, text: str) -> str:
    turn = f"{IM_START}system\n{system}{IM_END}\n" if system else ""
    return f"{turn}{IM_START}user\n{SHOWN_IMAGE}{SHOWN_IMAGE}{text}{IM_END}\n{IM_START}assistant\n"


def _default(value: object, path: Path) -> str:
    """One template, or of several the one named default, as transformers picks it."""
    if isinstance(value, list):
        value = {each.get("name"): each.get("template") for each in value if isinstance(each, dict)}
    if isinstance(value, dict):
        if DEFAULT not in value:
            names = ", ".join(sorted(map(str, value)))
            raise ValueError(f"{path} has the chat templates {names}, none of them {DEFAULT!r}")
        value = value[DEFAULT]
    if not isinstance(value, str) or not value:
        raise ValueError(f"the {KEY} of {path} is not text")
    if len(value.encode(errors="surrogatepass")) > LIMIT:
        raise ValueError(f"the {KEY} of {path} is longer than {LIMIT:,} bytes")
    return value


Found = tuple[Path, object] | None


def _of_json(name: str) -> Callable[[Path], Found]:
    def read(folder: Path) -> Found:
        path = folder / name
        value = read_object(path).get(KEY) if path.is_file() else None
        return None if value is None else (path, value)

    return read


def _of_jinja(folder: Path) -> Found:
    path, named = folder / JINJA_FILE, folder / NAMED_FOLDER
    if path.is_file():
        return path, _text(path)
    found = {each.stem: _text(each) for each in sorted(named.glob("*.jinja"))}
    return (named, found) if found else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8 text: {error.reason} at {error.start}") from error


def _words(folder: Path) -> dict[str, str]:
    """The tokens that a template may write by their role, from the tokenizer's configuration."""
    path = folder / TOKENIZER_FILE
    known: dict[str, Any] = read_object(path) if path.is_file() else {}
    told = {
        word: value["content"] if isinstance(value := known.get(word), dict) else value
        for word in WORDS
    }
    return {word: value for word, value in told.items() if isinstance(value, str)}


# The order in which transformers' processors look; the tokenizer's own is the last resort.
_PLACES = (_of_json(PROCESSOR_FILE), _of_json(LEGACY_FILE), _of_jinja, _of_json(TOKENIZER_FILE))
