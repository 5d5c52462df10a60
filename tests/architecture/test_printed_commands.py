"""Every command that the product prints is one that the named program takes."""

import argparse
import contextlib
import importlib.util
import io
import re
import shlex

import pytest
from django.core.management import get_commands, load_command_class

from benchmarks.__main__ import UsageError
from benchmarks.__main__ import parse as parse_study
from modeling.cli import build_parser
from tests.architecture.printed import printed_commands, program_of, script_text, spell_out
from tests.architecture.source_tree import CHECKOUT

PRINTED = printed_commands()


def complaint(line: str) -> str:
    """Why the program refuses the line; empty if it takes it."""
    program = program_of(line)
    words = shlex.split(line.removeprefix("$ ").removeprefix(program))
    if "-m modeling" in program:
        return parse(build_parser(), words) if words[1:] else unknown_command(words)
    if program == "script/manage" or program.endswith("manage.py"):
        return managing(words)
    if program == "script/bench" or "-m benchmarks" in program:
        return studying(words)
    if " -m " in program:
        module = program.split()[-1]
        return "" if importlib.util.find_spec(module) else f"there is no module {module}"
    return scripted(program, words)


def parse(parser: argparse.ArgumentParser, words: list[str]) -> str:
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            parser.parse_args([value_for(word) for word in words])
    except SystemExit as end:
        return said.getvalue().strip().splitlines()[-1] if end.code else ""
    return ""


def value_for(word: str) -> str:
    """A number for N; other words in capitals are taken as they are."""
    return "1" if word == "N" else word


def unknown_command(words: list[str]) -> str:
    """A mention without arguments must at least name a command."""
    known = next(
        action.choices
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return "" if not words or words[0] in known else f"modeling has no command {words[0]}"


def managing(words: list[str]) -> str:
    if words[:1] == ["--instance"]:
        words = words[2:]
    if not words or words[0] == "COMMAND":
        return ""
    command, arguments = words[0], words[1:]
    if command not in get_commands():
        return f"there is no command {command}"
    if not arguments:
        return ""  # mentioned by its name
    found = load_command_class(get_commands()[command], command)
    parser = found.create_parser("manage.py", command)
    parser.called_from_command_line = True  # complain as it does at a shell
    return parse(parser, arguments)


def studying(words: list[str]) -> str:
    try:
        if words and words[0] != "NAME":
            parse_study(words)
    except UsageError as error:
        return str(error)
    return ""


def scripted(program: str, words: list[str]) -> str:
    if not (CHECKOUT / program).exists():
        return f"there is no {program}"
    options = [word.split("=")[0] for word in words if word.startswith("--")]
    served = "demo" in program or "setup" in program or "services" in program
    text = script_text(program)
    if program == "script/services":
        text += script_text("script/embedded/__main__.py")
    return next((f"{one} is unknown" for one in options if served and one not in text), "")


def test_commands_are_found_in_every_kind_of_text():
    places = {printed.place.split("/")[0] for printed in PRINTED}
    assert {"README.md", "CONTRIBUTING.md", "docs"} <= places
    assert len(PRINTED) > 40


@pytest.mark.parametrize("printed", PRINTED, ids=str)
def test_a_printed_command_is_taken_by_its_program(printed):
    refused = [(line, complaint(line)) for line in spell_out(printed.line) if complaint(line)]
    assert refused == []


def test_a_wrong_option_a_wrong_name_and_a_missing_argument_are_noticed():
    assert "--data" in complaint("python -m modeling train --data a --output b")
    assert "required" in complaint("python -m modeling train DATA")
    assert "no command" in complaint("python -m modeling fit")
    assert "no command" in complaint("script/manage import_item x")
    assert "required" in complaint("script/manage import_items x")
    assert complaint("script/bench no-such-study")
    assert complaint("script/demo --prot 1")
    assert complaint("script/nothing")
    assert complaint("python -m analytics.nothing")
    assert spell_out("script/demo a|b [--c d|e] …") == [
        "script/demo a",
        "script/demo b",
        "script/demo a --c d",
        "script/demo b --c d",
    ]


@pytest.mark.parametrize(
    "text", sorted(CHECKOUT.glob("*.md")) + sorted(CHECKOUT.glob("docs/**/*.md"))
)
def test_every_link_of_a_text_leads_somewhere(text):
    named = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text.read_text())
    assert [link for link in named if not (text.parent / link).exists()] == []
