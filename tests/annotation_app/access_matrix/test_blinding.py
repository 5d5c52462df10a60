"""Every address, knocked at with every pair of roles over two campaigns with one collection.

What each person gets at each address is written down in `blinding.txt`; and nobody finds, in any
answer or header, a mark of an item that they may still judge.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.annotation_app.access_matrix.blind_scene import (
    MAKERS,
    SECRETS,
    WORK,
    BlindScene,
    Person,
    casts,
    make_blind_scene,
)
from tests.annotation_app.access_matrix.test_doors import BODIES, DOORS, address, knock

TABLE = Path(__file__).with_name("blinding.txt")
# Addresses that hold more behind a question.
QUESTIONS = {
    "collection-detail": ["?q=Make"],
    "dataset-diff": ["?format=json"],
    "dataset-splits": ["?format=json"],
    "disagreements": ["?least=0"],
    "gold-bank": ["?search=Make"],
}
# Figures over all items, and lists of what figures can be asked of: they name makers but no edit.
OVER_ALL_ITEMS = frozenset(
    {
        "agreement",
        "agreement-chart",
        "agreement-report",
        "api-generators",
        "dataset-card",
        "disagreements",
        "generator-board",
        "generator-board-file",
        "report-json",
        "report-pdf",
    }
)
TOLD, REFUSED, UNKNOWN, ONWARD, WRONG = "=", "b", ".", ">", "x"
SENTENCE = "must learn nothing of them before"


def visit(client: Client, name: str, where: str) -> tuple[str, str]:
    """Knock, take back what it changed; what was answered in one character, and in full."""
    with transaction.atomic():
        # the common knock reads files to their end; here they are read for what they say
        answer = knock(client, name, where) if name in BODIES else client.get(where)
        parts = getattr(answer, "streaming_content", None)
        said = answer.content if parts is None else b"".join(parts)
        transaction.set_rollback(True)
    text = repr(dict(answer.headers)) + said.decode("latin-1")
    return _in_one(answer.status_code, text), text


def _in_one(status: int, text: str) -> str:
    if status == 403 and SENTENCE in text:
        return REFUSED
    if status in {401, 403, 404}:
        return UNKNOWN
    assert status < 500, text[:2000]
    return {2: TOLD, 3: ONWARD, 4: WRONG}[status // 100]


def addresses(names: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The row's name, the door's, and where it is."""
    gold = {**names, "item_id": names["gold_item"]}
    for name in sorted(DOORS):
        where = address(DOORS[name], gold if name.startswith("gold-") else names)
        for question in ["", *QUESTIONS.get(name, [])]:
            yield name + question, name, where + question


def forbidden_marks(person: Person, door: str) -> list[str]:
    """What must not occur in an answer to somebody who may still judge the items."""
    if not person.rates and not person.reviews_here and not person.reviews_there:
        return []
    marks = [*SECRETS.values(), *([] if door in OVER_ALL_ITEMS else MAKERS)]
    return marks + ([*WORK.values()] if person.rates or person.reviews_there else [])


def walk(
    scene: BlindScene,
) -> tuple[dict[str, str], list[tuple[str, str, str]], dict[str, set[str]]]:
    """The table, every mark that was let out, and who among the others saw each mark."""
    rows: dict[str, str] = {row: "" for row, _door, _where in addresses(scene.names)}
    leaks: list[tuple[str, str, str]] = []
    marks = (*SECRETS.values(), *WORK.values(), *MAKERS)
    seen: dict[str, set[str]] = {mark: set() for mark in marks}
    for name, person in scene.people.items():
        client = Client()
        client.force_login(person.user)
        for row, door, where in addresses(scene.names):
            sign, text = visit(client, door, where)
            rows[row] += sign
            forbidden = forbidden_marks(person, door)
            leaks += [(name, row, mark) for mark in forbidden if mark in text]
            if not forbidden:
                for mark in seen:
                    if mark in text:
                        seen[mark].add(row)
    return rows, leaks, seen


def read_table(cast: str) -> list[str]:
    """The lines of a cast: one per person, then one per address."""
    _before, _, after = TABLE.read_text().partition(f"[{cast}]\n")
    return after.partition("\n[")[0].splitlines()


@pytest.mark.django_db
@pytest.mark.parametrize("cast", casts())
def test_nobody_learns_of_an_item_that_they_may_still_judge_at_any_address(cast, tmp_path, caplog):
    caplog.set_level(logging.ERROR, "django.request")  # thousands of refusals are told to nobody
    scene = make_blind_scene(cast)
    rows, leaks, seen = walk(scene)
    lines = [f"# {name}" for name in scene.people]
    lines += [f"{row:44} {signs}" for row, signs in rows.items()]
    found = tmp_path / TABLE.name
    found.write_text(f"[{cast}]\n" + "\n".join(lines) + "\n")
    assert leaks == []
    # the marks are where people look who judge nothing: what they find, blind people would too
    assert [mark for mark, where in seen.items() if not where] == []
    assert lines == read_table(cast), f"compare with {found}, and copy it if it is right"
