"""Fails unless the texts of the product, and no others, are translated in every catalogue.

Texts are found as Django finds them: the gettext calls of Python files, and templates turned into
such calls by Django's own templatize.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

CHECKOUT = Path(__file__).resolve().parent.parent
APPLICATION = CHECKOUT / "annotation_app"
SOURCE_LANGUAGE = "en"
# For each function the positions of (text, context).
FUNCTIONS: dict[str, tuple[int, int | None]] = {
    "_": (0, None),
    "gettext": (0, None),
    "gettext_lazy": (0, None),
    "gettext_noop": (0, None),
    "ngettext": (0, None),
    "ngettext_lazy": (0, None),
    "pgettext": (1, 0),
    "pgettext_lazy": (1, 0),
    "npgettext": (1, 0),
    "npgettext_lazy": (1, 0),
}
COUNTING = {name: places for name, places in FUNCTIONS.items() if name.startswith("n")}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
# What templatize leaves between the calls is not Python; the calls themselves are.
CALL = re.compile(
    r"""\b(n?p?gettext|_)\(\s*((?:u?"(?:\\.|[^"\\])*"|u?'(?:\\.|[^'\\])*'|\s*,\s*|[\w.]+)+)\)"""
)
Message = tuple[str | None, str]


def main() -> int:
    """Prints each problem on a line; 1 if there is any."""
    catalogues = sorted((APPLICATION / "locale").glob("*/LC_MESSAGES/django.po"))
    settings.configure(USE_I18N=True)
    trees = list(trees_of_product())
    texts = {message: place for tree, place in trees for message in _calls(tree, FUNCTIONS)}
    counted = {message for tree, _ in trees for message in _calls(tree, COUNTING)}
    problems = [line for path in catalogues for line in check_catalogue(path, texts, counted)]
    for line in problems:
        print(line)
    return 1 if problems else 0


def check_catalogue(path: Path, texts: dict[Message, str], counted: set[Message]) -> Iterator[str]:
    """Says what is missing, unused, fuzzy, untranslated, not found by counts, or misplaced."""
    catalogue = polib.pofile(str(path))
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    name = path.relative_to(CHECKOUT)
    if path.parent.parent.name != SOURCE_LANGUAGE:  # whose catalogue only changes texts of packages
        yield from _missing_and_unused(name, texts, entries)
    for (_context, text), entry in entries.items():
        if entry.fuzzy or not entry.translated():
            yield f"{name}:{entry.linenum}: not translated: {text!r}"
            continue
        if (entry.msgctxt, text) in counted and not entry.msgid_plural:
            yield f"{name}:{entry.linenum}: without its plural, so never found: {text!r}"
        originals = [text, entry.msgid_plural]
        for translation in [entry.msgstr, *entry.msgstr_plural.values()]:
            if translation and _placeholders(translation) not in map(_placeholders, originals):
                yield f"{name}:{entry.linenum}: other placeholders than {text!r}"


def _missing_and_unused(
    name: Path, texts: dict[Message, str], entries: dict[Message, polib.POEntry]
) -> Iterator[str]:
    for message, place in texts.items():
        if message not in entries:
            yield f"{name}: not there: {message[1]!r} (from {place})"
    for message, entry in entries.items():
        if message not in texts:
            yield f"{name}:{entry.linenum}: used nowhere: {message[1]!r}"


def trees_of_product() -> Iterator[tuple[ast.AST, str]]:
    """Everything that calls gettext, parsed, with its file."""
    for path in sorted(APPLICATION.rglob("*.py")):
        if "migrations" not in path.parts:
            yield ast.parse(path.read_text()), str(path.relative_to(CHECKOUT))
    for path in sorted([*APPLICATION.rglob("*.html"), *APPLICATION.rglob("*.txt")]):
        if "templates" in path.parts:
            python = templatize(path.read_text(), origin=str(path))
            for call in CALL.finditer(python):
                yield ast.parse(call.group(0)), str(path.relative_to(CHECKOUT))


def _calls(tree: ast.AST, functions: dict[str, tuple[int, int | None]]) -> Iterator[Message]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else _name(function)
        if name not in functions:
            continue
        position, context = functions[name]
        text = _literal(node, position)
        if text:
            yield (None if context is None else _literal(node, context)), text


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _literal(node: ast.Call, position: int) -> str | None:
    if position >= len(node.args):
        return None
    argument = node.args[position]
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return None


def _placeholders(text: str) -> list[str]:
    return sorted(first or second for first, second in PLACEHOLDER.findall(text))


if __name__ == "__main__":
    sys.exit(main())
