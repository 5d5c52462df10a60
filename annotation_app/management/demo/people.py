"""People of the demo: three to sign in as, and the simulated annotators."""

import json
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from annotation_app.enums import Role
from annotation_app.models import Campaign, User
from annotation_app.services.people.members import add_member
from simulation.annotators.rosters import Plant, build_roster

ROSTER_SEED = 11
ROSTER_SIZE = 10
PLANTED = Plant(spammers=1)


@dataclass(frozen=True)
class Login:
    """A name and password to sign in with on this machine."""

    username: str
    password: str


def ensure_logins(path: Path, names: tuple[str, ...], *, superuser: str) -> list[Login]:
    """Accounts with random passwords, kept for their owner in a file that only he can read.

    Args:
        path: the file.
        names: the user names.
        superuser: which of them administers the installation.
    """
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    for name in names:
        if name in kept and User.objects.filter(username=name).exists():
            continue
        kept[name] = secrets.token_urlsafe(9)
        with transaction.atomic():
            user, _ = User.objects.get_or_create(username=name)
            user.is_superuser = user.is_staff = name == superuser
            user.set_password(kept[name])
            user.save()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
    fresh.chmod(stat.S_IRUSR | stat.S_IWUSR)  # a leftover file, before passwords are written to it
    fresh.write_text(json.dumps(kept))
    fresh.replace(path)
    return [Login(name, kept[name]) for name in names]


def ensure_members(campaign: Campaign, roles: dict[str, Role]) -> None:
    """Give the demo's people their roles, and the simulated annotators theirs."""
    for name, role in roles.items():
        user = User.objects.get(username=name)
        add_member(actor=None, campaign=campaign, user=user, role=role)
    for annotator in build_roster(ROSTER_SEED, ROSTER_SIZE, PLANTED):
        user, is_new = User.objects.get_or_create(
            username=annotator.name, defaults={"is_simulated": True}
        )
        if is_new:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        add_member(actor=None, campaign=campaign, user=user, role=Role.ANNOTATOR)
