"""Finds the commands that pages, README and docs print, and spells their usage lines out."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from typing_extensions import override

from tests.architecture.source_tree import CHECKOUT, short, tracked_files

CODE = re.compile(r"`([^`\n]+)`|^ {4}(.+)$", re.MULTILINE)
MARKED = re.compile(r"<(?:code|pre)\b[^>]*>(.*?)</(?:code|pre)>", re.DOTALL)
BEGINS = re.compile(
    r"^(?:\$ )?(script/\w+|(?:\.venv/bin/)?python -m \w+(?:\.\w+)*|(?:python )?manage\.py)(?= |$)"
)
COMMENT = re.compile(r"\s+#\s.*$")
OPTION = re.compile(r"\[([^\[\]]*)\]")
VARIABLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


@dataclass(frozen=True)
class Printed:
    """A command as a text shows it."""

    place: str
    line: str

    @override
    def __str__(self) -> str:
        return f"{self.place}: {self.line}"


def printed_commands() -> list[Printed]:
    """Every command in a code span or block of the README, the docs and the templates."""
    return [
        Printed(short(path), line)
        for path in tracked_files()
        for text in texts(path)
        for line in text.splitlines()
        if BEGINS.match(line) and not (CHECKOUT / line).is_dir()
    ]


def texts(path: Path) -> Iterator[str]:
    """The pieces of code in a file that people read."""
    if path.suffix == ".md":
        for span, block in CODE.findall(path.read_text()):
            yield COMMENT.sub("", span or block).strip()
    elif path.suffix == ".html" and "templates" in path.parts:
        for piece in MARKED.findall(path.read_text()):
            yield html.unescape(VARIABLE.sub("VALUE", piece)).strip()


def spell_out(line: str) -> list[str]:
    """A usage line as lines that can be typed: without and with what is optional in brackets.

    Of alternatives `a|b` the first is taken, but each command of a program in turn; `…` stands for
    more of the same and is left away.
    """
    without, whole = line, line
    while OPTION.search(whole):
        without = OPTION.sub("", without)
        whole = OPTION.sub(r"\1", whole)
    lines = dict.fromkeys(" ".join(one.replace("…", "").split()) for one in (without, whole))
    return [spelt for one in lines for spelt in _alternatives(one)]


def _alternatives(line: str) -> list[str]:
    program = program_of(line)
    command, *rest = line.removeprefix(program).split() or [""]
    rest = [word.split("|")[0] for word in rest]
    return [" ".join((program, one, *rest)).strip() for one in command.split("|")]


def program_of(line: str) -> str:
    """What a line calls, as it is written."""
    found = BEGINS.match(line)
    if found is None:
        raise ValueError(line)
    return found[1]


def script_text(name: str) -> str:
    """A command of script/, as text."""
    return (CHECKOUT / name).read_text()
