"""Inviting a pasted list: all addresses or none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import Role
from annotation_app.exceptions import AnnotationError, InvalidInputError
from annotation_app.models import Campaign, User
from annotation_app.services.people.invitations import FreshInvitation, invite

MOST_LINES = 200
FIELDS = 3
SEPARATORS = re.compile(r"[,;，；、\t]")  # also those of Chinese and Japanese keyboards
NAMED = re.compile(r".*<\s*([^<>\s]+@[^<>\s]+)\s*>")  # as mail programs copy people


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with a line of the list."""

    number: int
    text: str
    problem: str


class ListRefusedError(InvalidInputError):
    """Some lines are wrong; no one was invited."""

    def __init__(self, problems: list[LineProblem]) -> None:
        super().__init__(
            _("No invitations were sent: correct these lines and send the list again.")
        )
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Entry:
    """An address of the list with the text that follows it, and its line number."""

    number: int
    fields: tuple[str, ...]

    @property
    def address(self) -> str:
        return self.fields[0].lower()

    @property
    def shown(self) -> str:
        return ", ".join(self.fields)[:200]


def invite_list(
    *, actor: User, campaign: Campaign, text: str, role: Role, now: datetime
) -> list[FreshInvitation]:
    """Invite each address of a list: `address[, role[, team]]`, a line or more of them each.

    Args:
        actor: who invites.
        campaign: into which campaign.
        text: the list; empty lines and repeated entries are left out.
        role: of addresses that name none.
        now: the current time.

    Raises:
        ListRefusedError: naming each line that is wrong.
    """
    entries, again = _sorted_out(text, role)
    if not entries or len(entries) > MOST_LINES:
        raise InvalidInputError(_("Enter 1 to 200 addresses, one per line."))
    problems = [_contradiction(first, other) for first, other in again if not _agree(first, other)]
    made: list[FreshInvitation] = []
    with transaction.atomic():
        for entry in entries:
            try:
                made.append(_invite(actor, campaign, entry, role, now))
            except AnnotationError as error:
                problems.append(LineProblem(entry.number, entry.shown, error.message))
        if problems:
            transaction.set_rollback(True)
    if problems:
        raise ListRefusedError(sorted(problems, key=lambda problem: problem.number))
    return made


def repeated_addresses(text: str, role: Role) -> list[str]:
    """The addresses that occur more than once in a list with the same role and team, in order."""
    _, again = _sorted_out(text, role)
    return list(dict.fromkeys(first.address for first, other in again if _agree(first, other)))


def _sorted_out(text: str, role: Role) -> tuple[list[_Entry], list[tuple[_Entry, _Entry]]]:
    """The first entry of each address and role, and the later ones, each with its first."""
    found: dict[tuple[str, str], _Entry] = {}
    again: list[tuple[_Entry, _Entry]] = []
    for entry in _entries(text):
        said = (entry.fields[1:2] or ("",))[0].lower() or role.value
        first = found.setdefault((entry.address, said), entry)
        if first is not entry:
            again.append((first, entry))
    return list(found.values()), again


def _agree(first: _Entry, other: _Entry) -> bool:
    return first.fields[2:] == other.fields[2:]


def _contradiction(first: _Entry, other: _Entry) -> LineProblem:
    said = _("Line %(number)s gives another team for this address.") % {"number": first.number}
    return LineProblem(other.number, other.shown, said)


def _entries(text: str) -> Iterator[_Entry]:
    """The addresses, each with the text between it and the next."""
    for number, line in enumerate(text.splitlines(), start=1):
        fields: list[str] = []
        for part in _parts(line):
            if "@" in part and fields:
                yield _Entry(number, tuple(fields))
                fields = []
            fields.append(part)
        while fields and not fields[-1]:  # a separator at the end of a line
            fields.pop()
        if fields:
            yield _Entry(number, tuple(fields))


def _parts(line: str) -> Iterator[str]:
    for part in SEPARATORS.split(line):
        named = NAMED.fullmatch(part.strip())
        words = part.split()
        if named:
            yield named[1]
        elif len(words) > 1 and all("@" in word for word in words):
            yield from words
        else:
            yield part.strip()


def _invite(
    actor: User, campaign: Campaign, entry: _Entry, role: Role, now: datetime
) -> FreshInvitation:
    if len(entry.fields) > FIELDS:
        raise InvalidInputError(_("Use the form: address, role, team."))
    email, said, team = [*entry.fields, "", ""][:FIELDS]
    if said and said.lower() not in Role.values:
        raise InvalidInputError(
            _("Unknown role: use one of %(roles)s.") % {"roles": ", ".join(Role.values)}
        )
    chosen = Role(said.lower()) if said else role
    return invite(actor=actor, campaign=campaign, email=email, role=chosen, team=team, now=now)
