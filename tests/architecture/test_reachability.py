"""Nothing public is left that no product root reaches, unless `docs/library.md` says why."""

import functools
import re
from collections.abc import Iterable

import pytest

from tests.architecture.reachability import BODY, Name, Product
from tests.architecture.source_tree import CHECKOUT, ROOMS

LIST = CHECKOUT / "docs" / "library.md"
ENTRY = re.compile(r"^\| `([\w.]+)` \| (.+) \|$", re.MULTILINE)
# What people, servers and Django itself start or import by convention.
ROOTS = (
    "script.",
    "manage",
    "modeling.__main__",
    "workers.celery_app",
    "workers.schedule",
    "annotation_app.urls",
    "annotation_app.wsgi",
    "annotation_app.asgi",
    "annotation_app.apps",
    "annotation_app.admin",
    "annotation_app.web.serving.worker",  # gunicorn's --worker-class
    "annotation_app.api.shapes",  # drf-spectacular finds its extensions by their base class
    "annotation_app.models",
    "annotation_app.migrations.",
    "annotation_app.settings.",
    "annotation_app.management.commands.",
)


@functools.cache
def product() -> Product:
    return Product([*ROOMS, "script", "manage.py"])


@functools.cache
def reached() -> set[Name]:
    modules = product().modules
    return product().reached_from(name for name in modules if name.startswith(ROOTS))


def listed() -> dict[str, list[Name]]:
    """Each name of the list with the top-level names it stands for: its own, or its module's."""
    return {text: product().named(text) for text, _ in ENTRY.findall(LIST.read_text())}


def unreached(names: Iterable[Name]) -> set[str]:
    return {f"{module}.{name}" for module, name in names}


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_is_reached_or_stands_on_the_list(room):
    kept = product().reached_by(name for names in listed().values() for name in names)
    public = set(product().public_names(room))
    assert unreached(public - reached() - kept) == set()


def test_the_list_names_what_exists_and_has_no_caller_yet():
    unknown = [text for text, names in listed().items() if not names]
    called = [text for text, names in listed().items() if names and set(names) <= reached()]
    assert (unknown, called) == ([], [])


def test_a_name_is_reached_by_mention_and_a_test_reaches_nothing(tmp_path):
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "__init__.py").write_text("from room.made import shown\n")
    (tmp_path / "room" / "made.py").write_text(
        "import room.other\n\nLIMIT = 3\nSPARE = 4\n\n\ndef shown():\n    return LIMIT\n\n\n"
        "def hidden():\n    return room.other.helped()\n"
    )
    (tmp_path / "room" / "other.py").write_text("def helped(): ...\n\n\ndef task(): ...\n")
    (tmp_path / "start.py").write_text("import room\n\nroom.shown()\nTASK = 'room.other.task'\n")
    small = Product(["room", "start.py"], tmp_path)
    found = small.reached_from(["start"])
    assert {name for name in found if name[1] != BODY} == {
        ("start", "TASK"),
        ("room.made", "shown"),
        ("room.made", "LIMIT"),
        ("room.other", "task"),
    }
    assert set(small.public_names("room")) - found == {
        ("room.made", "SPARE"),
        ("room.made", "hidden"),
        ("room.other", "helped"),
    }
