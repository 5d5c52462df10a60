"""Inviting a pasted list: all lines or none."""

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


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with a line of the list."""

    number: int
    text: str
    problem: str


class ListRefusedError(InvalidInputError):
    """Some lines are wrong; nobody was invited."""

    def __init__(self, problems: list[LineProblem]) -> None:
        super().__init__(_("Nobody was invited: correct these lines and send the list again."))
        self.problems = problems


def invite_list(
    *, actor: User, campaign: Campaign, text: str, role: Role, now: datetime
) -> list[FreshInvitation]:
    """Invite each line's address: `address[, role[, team]]`.

    Args:
        actor: who invites.
        campaign: into which campaign.
        text: the list; empty lines are left out.
        role: of lines that name none.
        now: the moment.

    Raises:
        ListRefusedError: naming each line that is wrong.
    """
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines or len(lines) > MOST_LINES:
        raise InvalidInputError(_("Write 1 to 200 addresses, each on a line of its own."))
    problems: list[LineProblem] = []
    made: list[FreshInvitation] = []
    with transaction.atomic():
        for number, line in lines:
            try:
                made.append(_invite_line(actor, campaign, line, role, now))
            except AnnotationError as error:
                problems.append(LineProblem(number, line[:200], error.message))
        if problems:
            transaction.set_rollback(True)
    if problems:
        raise ListRefusedError(problems)
    return made


def _invite_line(
    actor: User, campaign: Campaign, line: str, role: Role, now: datetime
) -> FreshInvitation:
    parts = [part.strip() for part in line.replace("\t", ",").split(",")]
    if len(parts) > FIELDS:
        raise InvalidInputError(_("Write: address, role, team."))
    email, said, team = [*parts, "", ""][:FIELDS]
    if said and said.lower() not in Role.values:
        raise InvalidInputError(
            _("No role is named so: use one of %(roles)s.") % {"roles": ", ".join(Role.values)}
        )
    chosen = Role(said.lower()) if said else role
    return invite(actor=actor, campaign=campaign, email=email, role=chosen, team=team, now=now)
