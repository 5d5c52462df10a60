"""One person's walk: what they see, follow and send, and what went wrong on the way."""

import random
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from benchmarks.crawling.commands import refusal
from benchmarks.crawling.pages import Button, Form, Printed, read_page

HOST = "http://testserver"
STATIC = "/static/"
TO_LOGIN = "/accounts/login/"
# Sent, these would leave the machine, end the walk or change a password.
NOT_SENT = ("account_", "admin:", "dataset-push", "benchmark-push", "set-language")
# Pages that refuse in words, with what to do first.
TOLD = frozenset({("disagreement-item", 403)})
FORBIDDEN = 403
REFUSED = frozenset({403, 404, 405})


@dataclass(frozen=True)
class Fault:
    """A mismatch between what a page promised and what it did.

    Attributes:
        reader: who saw it.
        address: where it is.
        printed_on: the page that led there; empty for an address that was typed.
        what: in words.
    """

    reader: str
    address: str
    printed_on: str
    what: str


@dataclass(frozen=True)
class Limits:
    """How far a walk goes.

    Attributes:
        per_door: pages of each kind that are opened.
        per_question: the same for each set of names in the query string.
        per_form: how often the same button of the same form is pressed; its effect is undone.
    """

    per_door: int
    per_question: int
    per_form: int


@dataclass
class Walk:
    """A person's walk from a first page over everything that is printed."""

    reader: str
    client: Client
    mark: str
    limits: Limits
    rng: random.Random
    faults: list[Fault] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    forms_sent: int = 0
    commands_read: set[str] = field(default_factory=set)
    doors: set[str] = field(default_factory=set)
    _followed: Counter[str] = field(default_factory=Counter)
    _sent: Counter[str] = field(default_factory=Counter)

    def follow(self, first: Iterable[str]) -> None:
        """Open pages, then what they print, then what that prints."""
        waiting = deque((address, "") for address in first)
        while waiting:
            address, printed_on = waiting.popleft()
            for found in self._open(address, printed_on):
                waiting.append((found, address))

    def type_in(self, addresses: Iterable[str]) -> None:
        """Open addresses not shown to this person: refused or not, the site must not fail."""
        for address in addresses:
            if address not in self.seen:
                self.seen[address] = status = self._get(address).status_code
                self._complain(address, "", status, is_promised=False)

    def _open(self, address: str, printed_on: str) -> list[str]:
        if address in self.seen or not self._is_worth(address):
            return []
        answer = self._get(address)
        self.seen[address] = answer.status_code
        self.doors.add(door_of(address))
        if not self._complain(
            address, printed_on, answer.status_code, is_promised=not explains(answer)
        ):
            return []
        if answer.status_code in {301, 302}:
            return self._redirected(address, printed_on, answer)
        return self._read(address, answer)

    def _read(self, address: str, answer: Any) -> list[str]:  # noqa: ANN401 - the test client's answer
        kind = answer.headers.get("Content-Type", "")
        if kind.startswith("application/json") and not answer.streaming:
            return self._ours_among(address, _texts(answer.json()))
        if not kind.startswith("text/html"):
            return []
        printed = read_page(answer.content.decode(), self.mark)
        self._look_at(address, printed)
        self._send_forms(address, printed.forms)
        return self._printed_addresses(address, printed)

    def _redirected(self, address: str, printed_on: str, answer: HttpResponse) -> list[str]:
        target = urljoin(address, answer.headers["Location"])
        if target.startswith(TO_LOGIN) and self.reader != "anonymous" and printed_on:
            self._fault(address, printed_on, "asks a signed-in person to sign in")
        return [target.removeprefix(HOST)]

    def _look_at(self, address: str, printed: Printed) -> None:
        for text in printed.lost_lines:
            self._fault(address, "", f"loses the lines of: {text}")
        for line in printed.commands:
            self.commands_read.add(line)
            why = refusal(line)
            if why:
                self._fault(address, "", f"prints a command that is refused: {line}: {why}")
        for link in printed.links:
            if link.startswith("#") and link[1:] not in printed.anchors | {""}:
                self._fault(address, "", f"points to {link}, which is not on the page")

    def _printed_addresses(self, address: str, printed: Printed) -> list[str]:
        asked = [
            f"{target.split('?')[0]}?{urlencode(fields)}"
            for form in printed.forms
            if form.method == "get"
            for button in form.buttons or [Button()]
            for target, fields in [form.pressed(button, address)]
        ]
        return self._ours_among(address, [*printed.links, *printed.parts, *asked])

    def _ours_among(self, address: str, found: Iterable[str]) -> list[str]:
        ours = (_ours(urljoin(HOST + address, one)) for one in found)
        chosen = list(dict.fromkeys(one for one in ours if one))
        self.rng.shuffle(chosen)  # where only some are opened, which is the seed's choice
        return chosen

    def _is_worth(self, address: str) -> bool:
        """Whether too many like it were opened already; the same names of questions are alike."""
        questions = sorted({part.split("=")[0] for part in urlsplit(address).query.split("&")})
        kind = f"{door_of(address)}?{'&'.join(questions)}"
        self._followed[kind] += 1
        most = self.limits.per_question if questions != [""] else self.limits.per_door
        return self._followed[kind] <= most

    def _get(self, address: str) -> Any:  # noqa: ANN401 - the test client's answer
        if address.startswith(STATIC):
            status = 200 if finders.find(urlsplit(address).path.removeprefix(STATIC)) else 404
            return HttpResponse(status=status, content_type="text/plain")
        answer: Any = self.client.get(address)
        if answer.streaming:
            for _part in answer.streaming_content:
                pass
        return answer

    def _complain(self, address: str, printed_on: str, status: int, *, is_promised: bool) -> bool:
        """Whether the answer is one to read on; what is not as it should be is kept."""
        if status >= 500:
            self._fault(address, printed_on, f"answers {status}")
        elif (
            status >= 400 and is_promised and printed_on and (door_of(address), status) not in TOLD
        ):
            self._fault(address, printed_on, f"is printed and answers {status}")
        return status < 400

    def _send_forms(self, address: str, forms: list[Form]) -> None:
        for form in forms:
            for button in (form.buttons or [Button()]) if form.method == "post" else ():
                where, fields = form.pressed(button, address)
                target = _ours(urljoin(HOST + address, where))
                door = door_of(target)
                if not target or door.startswith(NOT_SENT):
                    continue
                press = f"{door} {button.name}={button.value}"
                self._sent[press] += 1
                if self._sent[press] <= self.limits.per_form:
                    self._send(address, target, fields)

    def _send(self, address: str, target: str, fields: Mapping[str, str]) -> None:
        """Send a form unchanged and undo its effect."""
        cookies = SimpleCookie(self.client.cookies)
        with transaction.atomic():
            status = self.client.post(target, fields).status_code
            transaction.set_rollback(True)
        self.client.cookies = cookies
        self.forms_sent += 1
        self.doors.add(door_of(target))
        if status in REFUSED or status >= 500:
            self._fault(target, address, f"is a form of the page and answers {status}")

    def _fault(self, address: str, printed_on: str, what: str) -> None:
        self.faults.append(Fault(self.reader, address, printed_on, what))


def door_of(address: str) -> str:
    """The name of the page that an address opens; empty if none."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def explains(answer: Any) -> bool:  # noqa: ANN401 - the test client's answer
    """Whether a refusal says why and what to do, as the page of those who still judge an item."""
    context = getattr(answer, "context", None)
    return answer.status_code == FORBIDDEN and bool(context and str(context.get("exception", "")))


def _ours(address: str) -> str:
    """The path and question of an address of this site; empty for all others."""
    address = urldefrag(address).url
    if not address.startswith(f"{HOST}/"):
        return ""
    return address.removeprefix(HOST)


def _texts(value: object) -> Iterator[str]:
    """Addresses of this site in a JSON answer."""
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str) and value.startswith(("/api/", f"{HOST}/")):
        yield value
