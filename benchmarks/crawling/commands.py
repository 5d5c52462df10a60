"""Whether a printed command is one that the program it names would take."""

import argparse
import contextlib
import io
import re
import shlex
from importlib.util import find_spec
from pathlib import Path

from django.core.management import CommandError, get_commands, load_command_class

from benchmarks.__main__ import UsageError
from benchmarks.__main__ import parse as parse_study
from modeling.cli import build_parser

NAMED = 2  # words of a command that is more than named
CHECKOUT = Path(__file__).resolve().parents[2]
PROMPT = re.compile(r"^\$\s+")
PROGRAM = re.compile(
    r"^(?:[\w./]*python3?\s+(?:-m\s+[\w.]+|manage\.py)|(?:\./)?script/\w+|manage\.py)"
)


def refusal(line: str) -> str:
    """Why the program refuses a line; empty if it takes it, or the line runs no program of ours."""
    line = PROMPT.sub("", line.strip())
    if not PROGRAM.match(line):
        return ""
    try:
        words = shlex.split(line, comments=True)
    except ValueError as error:
        return f"is not a command line: {error}"
    if words[0].rpartition("/")[2].startswith("python"):
        words = words[2:] if words[1] == "-m" else words[1:]
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        try:
            return _refused(words[0], words[1:])
        except SystemExit as ended:
            return said.getvalue().strip() if ended.code else ""
        except (CommandError, UsageError, argparse.ArgumentError) as error:
            return str(error)


def _refused(program: str, words: list[str]) -> str:
    name = program.removeprefix("./")
    if not words and not name.startswith("script/"):
        return "" if name == "manage.py" or find_spec(name) else f"there is no module {name}"
    if name == "modeling":
        build_parser().parse_args(words)
    elif name in {"manage.py", "script/manage"}:
        return _manage(words)
    elif name in {"benchmarks", "script/bench"}:
        parse_study(words)
    elif name.startswith("script/"):
        return "" if (CHECKOUT / name).is_file() else f"there is no {name}"
    elif not find_spec(name):
        return f"there is no module {name}"
    return ""


def _manage(words: list[str]) -> str:
    if words[:1] == ["--instance"]:
        words = words[2:]
    known = get_commands()
    if words and words[0] not in known:
        return f"there is no command {words[0]}"
    if len(words) < NAMED:  # mentioned by its name
        return ""
    command = load_command_class(str(known[words[0]]), words[0])
    command.create_parser("manage.py", words[0]).parse_args(words[1:])
    return ""
