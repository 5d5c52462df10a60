"""CONTRIBUTING's recipes name files, packages and commands that exist."""

import re

import pytest

from tests.architecture.source_tree import CHECKOUT, tracked_files

TEXT = (CHECKOUT / "CONTRIBUTING.md").read_text()
RECIPES = TEXT.split("## Recipes", 1)[1]
QUOTED = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"^[\w.<>*-]+(?:/[\w.<>*-]+)+/?$|^[\w-]+\.(?:py|toml|txt|md|yml)$")
CONSTANT = re.compile(r"`([A-Z][A-Z_]{3,}|[A-Z][A-Za-z]+)` in `([\w./<>-]+\.py)`")


def named_paths() -> list[str]:
    """The paths that CONTRIBUTING quotes; those with <a placeholder> up to it."""
    quoted = {one.split()[0] for one in QUOTED.findall(TEXT)}
    paths = {one.split("<")[0].rstrip("/") for one in quoted if PATH.match(one)}
    return sorted(path for path in paths if path)


def exists(path: str) -> bool:
    """Whether it is there, from the root or from the site's own; a bare name, anywhere."""
    if "." in path and "/" not in path:
        return any(one.name == path for one in tracked_files())
    rooms = (CHECKOUT, CHECKOUT / "annotation_app")
    return any((room / path).exists() or bool(list(room.glob(path))) for room in rooms)


@pytest.mark.parametrize("path", named_paths())
def test_a_path_that_contributing_names_exists(path):
    assert exists(path)


def test_enough_paths_are_recognised():
    assert len(named_paths()) >= 30


@pytest.mark.parametrize(("name", "path"), CONSTANT.findall(RECIPES))
def test_a_name_that_a_recipe_places_in_a_file_is_there(name, path):
    assert re.search(rf"\b{name}\b", (CHECKOUT / path).read_text())
