"""The walk: what each person is answered at each address, and the marks that were let out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction
from django.test import Client

from tests.annotation_app.access_matrix.asking import ASKED, Asking
from tests.annotation_app.access_matrix.blind_scene import MAKERS, SECRETS, WORK, BlindScene
from tests.annotation_app.access_matrix.cast import Part
from tests.annotation_app.access_matrix.others import package_addresses
from tests.annotation_app.access_matrix.test_doors import BODIES, DOORS, address, knock

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
SENTENCE = "must not see anything about them first"


@dataclass(frozen=True)
class Door:
    """A row of the table: what is asked where."""

    row: str
    name: str
    where: str
    asking: Asking | None = None

    def answer(self, client: Client, names: dict[str, Any]) -> Any:
        """Ask; the common knock reads files to their end, here they are read for what they say."""
        if self.asking is None or self.asking.body is None:
            is_act = self.asking is None and self.name in BODIES
            return knock(client, self.name, self.where) if is_act else client.get(self.where)
        send = partial(client.post, self.where, self.asking.body(names))
        return send(content_type="application/json") if self.asking.as_json else send()


@dataclass
class Walk:
    """What came of it.

    Attributes:
        rows: by row, what each part was answered, in one character.
        leaks: who read what mark where although they may still judge the item.
        seen: by mark, the rows where people who judge nothing read it.
    """

    rows: dict[str, dict[Part, str]] = field(default_factory=dict)
    leaks: list[tuple[str, str, str]] = field(default_factory=list)
    seen: dict[str, set[str]] = field(default_factory=dict)


def walk(scene: BlindScene) -> Walk:
    """Let everybody of the scene knock everywhere; what they change is taken back."""
    marks = (*SECRETS.values(), *WORK.values(), *MAKERS)
    made = Walk(seen={mark: set() for mark in marks})
    doors = list(_doors(scene.names))
    made.rows = {door.row: {} for door in doors}
    for person in scene.people:
        client = Client()
        client.force_login(person.user)
        for door in doors:
            sign, text = _visit(client, door, scene.names)
            made.rows[door.row][person.part] = sign
            forbidden = _forbidden(person.part, door.name)
            made.leaks += [(person.part.name, door.row, mark) for mark in forbidden if mark in text]
            if not forbidden:
                for mark in marks:
                    if mark in text:
                        made.seen[mark].add(door.row)
    return made


def _doors(names: dict[str, Any]) -> Iterator[Door]:
    gold = {**names, "item_id": names["gold_item"]}
    for name in sorted(DOORS):
        given = gold if name.startswith("gold-") else names
        where = address(DOORS[name], given)
        for question in ["", *QUESTIONS.get(name, [])]:
            yield Door(name + question, name, where + question)
    for asking in ASKED:
        given = gold if asking.door.startswith("gold-") else names
        given = {**given, **{part: names[other] for part, other in asking.named.items()}}
        where = address(DOORS[asking.door], given)
        yield Door(f"{asking.door} {asking.said}", asking.door, where, asking)
    for row, where in package_addresses():
        yield Door(row, row, where)


def _visit(client: Client, door: Door, names: dict[str, Any]) -> tuple[str, str]:
    """What was answered in one character, and in full."""
    with transaction.atomic():
        answer = door.answer(client, names)
        parts = getattr(answer, "streaming_content", None)
        said = answer.content if parts is None else b"".join(parts)
        transaction.set_rollback(True)
    text = repr(dict(answer.headers)) + said.decode("latin-1")
    return _in_one(answer.status_code, answer.headers.get("Location", ""), text), text


def _in_one(status: int, onward: str, text: str) -> str:
    if status == 403 and SENTENCE in text:
        return REFUSED
    if status in {401, 403, 404} or onward.startswith("/admin/login/"):
        return UNKNOWN
    assert status < 500, text[:2000]
    return {2: TOLD, 3: ONWARD, 4: WRONG}[status // 100]


def _forbidden(part: Part, door: str) -> list[str]:
    """What must not occur in an answer to somebody who may still judge the items."""
    if not part.judges:
        return []
    marks = [*SECRETS.values(), *([] if door in OVER_ALL_ITEMS else MAKERS)]
    return marks + ([*WORK.values()] if part.rates or part.reviews_there else [])
