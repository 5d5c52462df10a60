"""Finds the English that users read, and the words that no native speaker would use there."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

import polib

from tests.architecture.source_tree import CHECKOUT, ROOMS, short, syntax_trees

CATALOGUE = CHECKOUT / "annotation_app" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
GETTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext"}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
SQL = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE FROM|CREATE|WHERE|SET LOCAL|LOCK TABLE)\b")
FEWEST_WORDS = 3

# What is wrong with each, and what to write instead.
MARKERS = {
    "nobody": "no one, or turn the sentence round",
    "somebody": "someone",
    "anybody": "anyone",
    "anew": "again",
    "mend(?:s|ed)?": "correct, repair",
    "met": "seen, reached",
    "told": "reported, shown, distinguished",
    "said": "the noun: a message, a note",
    "stood|stands?(?! out)": "is, appears",
    "standing(?! out)": "status",
    "lay|lies|lie(?= (?:in|under|over|within|between|apart|beside))": "is, are",
    "surely": "clearly",
    "(?:is|are|was|were) no(?! longer| more| better)": "is not a, there is no",
    "that cannot be(?![ ]\\w)": "invalid",
    "(?:kept|stays?|set|taken|told) apart": "separate",
    "one a (?:row|line|day)|a row each": "per row",
    "goes on|go on|went on": "continues",
    "in hand": "in progress, assigned",
    "hold(?:s)? (?:a|an|no|its|several|more)|holds": "contains, has",
    "whose(?=[.:]| it is)": "of which, the owner",
    "of (?:its|their|his|her|one's) own": "separate, its own",
    "nothing": "no …, not",
    "folders?(?= (?:who|that) folds)|become_folder": "fold lock",
    "merely|wherein|whereof": "plain words",
}
# Phrases in which a marker is what a native speaker would say.
ALLOWED = {
    "there is no": "plain English",
    "there are no": "plain English",
    "alerts whose condition still holds": "a condition holds: a logician's and everyone's word",
    "nothing is imported until": "the shortest way to say it; the rest says what to do",
    "nothing is imported yet": "the same",
    "nothing was imported": "the same",
    "nothing was written": "the same",
    "nothing was saved": "the same",
    "nothing is saved": "the same",
    "nothing has been imported": "the same",
    "nothing was sent there": "the same",
    "nothing was running": "the same",
    "nothing is computed": "the same",
    "nothing to undo": "the same",
    "nothing to rate here": "the same",
    "all-or-nothing": "a term of benchmarks",
    "all or nothing": "a term of benchmarks",
    "nothing listens on": "said of ports",
}


PATTERNS = {marker: re.compile(rf"\b(?:{marker})(?!\w)") for marker in MARKERS}
ANY_MARKER = re.compile(rf"\b(?:{'|'.join(MARKERS)})(?!\w)")


class Word(NamedTuple):
    """A marker that was found: where, which, and in what text."""

    place: str
    marker: str
    text: str


def markers_in(place: str, text: str) -> Iterator[Word]:
    """The markers of a text, without the phrases in which they are right."""
    plain = " ".join(text.lower().split())
    if not ANY_MARKER.search(plain):
        return
    for phrase in ALLOWED:
        plain = plain.replace(phrase, "")
    for marker, pattern in PATTERNS.items():
        if pattern.search(plain):
            yield Word(place, marker, text)


def translated_texts() -> Iterator[tuple[str, str]]:
    """Every text that pages, mails and the workbench show, with the files that show it."""
    for entry in polib.pofile(str(CATALOGUE)):
        place = ", ".join(name for name, _ in entry.occurrences)
        yield place, entry.msgid
        if entry.msgid_plural:
            yield place, entry.msgid_plural


def untranslated_texts() -> Iterator[tuple[str, str]]:
    """What commands, errors, cards and studies print: strings of several words, no docstrings."""
    for name, tree in syntax_trees(*ROOMS, "script", "benchmarks"):
        # help_text describes columns to developers
        if not name.startswith("annotation_app/models/"):
            for text in _strings(tree):
                yield name, text


def docstrings() -> Iterator[tuple[str, str]]:
    """What developers read: the docstrings of the product and its programs."""
    for name, tree in syntax_trees(*ROOMS, "script", "benchmarks"):
        for node in ast.walk(tree):
            if isinstance(node, DOCUMENTED) and (text := ast.get_docstring(node)):
                yield name, text


def documents() -> Iterator[tuple[str, str]]:
    """The lines of README.md and of the pages of docs/, without decisions of the past."""
    for path in [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]:
        for line in path.read_text().splitlines():
            yield short(path), line


def _strings(tree: ast.AST) -> Iterator[str]:
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and node.body and isinstance(node.body[0], ast.Expr):
            skipped.add(id(node.body[0].value))
        elif isinstance(node, ast.Call) and _name(node.func) in GETTEXT:
            skipped.update(id(child) for child in ast.walk(node))
        elif isinstance(node, ast.JoinedStr):
            skipped.update(id(value) for value in node.values)
    for node in ast.walk(tree):
        if id(node) not in skipped:
            text = _text(node)
            if len(text.split()) >= FEWEST_WORDS and not SQL.search(text):
                yield text


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(value.value) if isinstance(value, ast.Constant) else "…" for value in node.values
        )
    return ""


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
