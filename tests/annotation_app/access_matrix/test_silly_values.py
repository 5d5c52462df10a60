"""Every address of the site with numbers that are none: refused or passed over, never an error.

Names are those that forms, serializers and views know; values are longer than Python reads, larger
than the database holds, not finite, in other digits, or of other types than JSON ought to have.
"""

import inspect
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.urls import URLPattern
from rest_framework import serializers
from rest_framework.fields import Field

from tests.annotation_app.access_matrix.test_doors import BODIES, DOORS, address
from tests.architecture.source_tree import python_files

TEXTS = (
    *("9" * 5000, str(2**63), "-1", "1e400", "1e40000000", "nan", "1/0", "١٢٣", "", "[]"),
    *("a" * 3000, "0001-01-01", "\U0010ffff"),
)
ALONE = ("9" * 5000, "-1e400")  # each name by itself: one that is refused hides the others
VALUES: tuple[Any, ...] = (
    *(None, True, -1, 2**63, 10**400, 1e308, "9" * 5000, "nan", [], {}),
    *([None], {"a": 1}, [1] * 3000, "\u0000", "\ud800"),
)
BODY_VALUES: tuple[Any, ...] = (None, 1, "a", [], [1], [[]], {}, True)
MOST_SECONDS = 2.0  # of the processor's time, for one request
PARTS = 6
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
QUOTED = re.compile(r'"([a-z_0-9]{1,40})"')
READ = re.compile(r'\.(?:GET|POST|query_params|data)(?:\.get|\.getlist)?[\[(]"([a-z_0-9]+)"')


def descendants(kind: type[Any]) -> Iterator[type[Any]]:
    """Every class below one."""
    for child in kind.__subclasses__():
        yield child
        yield from descendants(child)


def known_names() -> frozenset[str]:
    """Names of fields, wherever the site reads any."""
    own = "annotation_app."
    found = {"cursor", "page", "page_size", "limit", "offset", "format", "ordering", "next"}
    for form in descendants(forms.BaseForm):
        if form.__module__.startswith(own):
            found |= set(getattr(form, "base_fields", {}))
    for serializer in descendants(serializers.Serializer):
        if serializer.__module__.startswith(own):
            found |= {
                name for name, part in vars(serializer).items() if isinstance(part, Field)
            } | set(getattr(serializer, "_declared_fields", {}))
    for path in python_files("annotation_app"):
        if {"web", "api"} & set(path.parts):
            found |= set(READ.findall(path.read_text()))
    return frozenset(found)


def names_of(door: URLPattern) -> list[str]:
    """Those that a door's view reads itself."""
    view = inspect.unwrap(getattr(door.callback, "cls", door.callback))
    return sorted(NAMES & set(QUOTED.findall(inspect.getsource(view))))


NAMES = known_names()
Ask = Callable[[], Any]
NOT_HERE = 405  # the address takes no such request, whatever it says


class Asker:
    """Asks one question after another, each undone, and keeps what went wrong."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.asked = 0

    def ask(self, told: str, question: Ask) -> bool:
        """Ask; an answer of 500, an exception and a long computation are faults.

        Returns:
            Whether the address takes requests of this kind at all.
        """
        self.asked += 1
        began = time.process_time()
        try:
            with transaction.atomic():
                answer = question()
                if answer.streaming:
                    list(answer.streaming_content)  # the file is closed by reading it
                transaction.set_rollback(True)
        except Exception as error:  # noqa: BLE001 - whatever it is, a person would see a 500
            self.faults.append(f"{told}: {type(error).__name__}: {str(error)[:200]}")
            return True
        seconds = time.process_time() - began
        if answer.status_code >= 500:
            self.faults.append(f"{told}: {answer.status_code}")
        if seconds > MOST_SECONDS:
            self.faults.append(f"{told}: {seconds:.1f} s")
        return bool(answer.status_code != NOT_HERE)


def short(value: object) -> str:
    """A value in few letters."""
    text = repr(value)
    return text if len(text) < 40 else f"{text[:30]}… ({len(text)})"


def queries(door: URLPattern) -> Iterator[dict[str, str]]:
    """Every name at once, and those that the view reads itself alone."""
    for text in TEXTS:
        yield dict.fromkeys(sorted(NAMES), text)
    for text in ALONE:
        for name in names_of(door):
            yield {name: text}


def bodies(door: URLPattern) -> Iterator[Any]:
    """JSON of every shape, for programs."""
    yield from BODY_VALUES
    good = BODIES.get(door.name or "", ("post", {}))[1]
    for value in VALUES:
        yield dict.fromkeys(sorted(NAMES), value)
        for name in {*names_of(door), *good}:
            yield {**good, name: value}


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_address_breaks_on_a_number_that_is_none(scene, client, method, part):
    client.force_login(scene.people["superuser"])
    asker = Asker()
    for name in sorted(DOORS)[part::PARTS]:
        where = address(DOORS[name], scene.names)
        for query in queries(DOORS[name]):
            told = f"{name} {short(query)}"
            if not asker.ask(told, partial(getattr(client, method), where, query)):
                break
    assert asker.faults == []


@pytest.mark.parametrize("person", ["superuser", "annotator"])
def test_no_address_for_programs_breaks_on_json_of_another_kind(scene, client, person):
    client.force_login(scene.people[person])
    asker = Asker()
    for name in sorted(DOORS):
        where = address(DOORS[name], scene.names)
        if not where.startswith("/api/"):
            continue
        act = getattr(client, BODIES.get(name, ("post", None))[0])
        for body in bodies(DOORS[name]):
            question = partial(act, where, body, content_type="application/json")
            if not asker.ask(f"{name} {short(body)}", question):
                break
    assert asker.faults == []
    assert asker.asked > 200
