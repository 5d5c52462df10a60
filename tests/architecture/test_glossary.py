"""docs/glossary.md: every noun's package and every class or module it names exists."""

import importlib
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source_tree import CHECKOUT

GLOSSARY = CHECKOUT / "docs" / "glossary.md"
APPLICATION = CHECKOUT / "annotation_app"
FLOORS = ("services", "selectors", "web", "templates")
N_NOUNS = 17
# Packages of a floor that are about no single noun.
SHARED = {
    "services": {"hub", "images"},
    "selectors": set[str](),
    "web": {"home", "hub", "images", "serving"},
    "templates": {"allauth", "api", "home", "hub", "partials"},
}
NAME = re.compile(r"`((?:annotation_app|analytics|modeling|workers)[\w.]*)`")


def rows(heading: str) -> Iterator[list[str]]:
    """The cells of the table under a heading, without its header row."""
    section = GLOSSARY.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def nouns() -> dict[str, set[str]]:
    """Each noun with the floors that the glossary says it has."""
    return {row[0]: set(row[3].split(", ")) for row in rows("The seventeen nouns")}


def resolve(name: str) -> object:
    """The module, or the class in a module, of a dotted name."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        return getattr(importlib.import_module(module), attribute)


def test_there_are_seventeen_nouns():
    assert len(nouns()) == N_NOUNS


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_has_a_package_for_each_noun_that_names_it_and_for_no_other(floor):
    packages = {
        path.name
        for path in (APPLICATION / floor).iterdir()
        if path.is_dir() and path.name != "__pycache__"
    }
    named = {noun for noun, floors in nouns().items() if floor in floors}
    assert packages - SHARED[floor] == named


@pytest.mark.parametrize("name", sorted(set(NAME.findall(GLOSSARY.read_text()))))
def test_every_class_and_module_that_the_glossary_names_exists(name):
    if name == "annotation_app":
        return
    assert resolve(name) is not None


def test_no_term_is_explained_twice_in_a_table():
    for heading in ("Things", "Figures", "Products"):
        terms = [row[0] for row in rows(heading)]
        assert len(terms) == len(set(terms)), heading
