"""Whom and what the arguments of a command name."""

from django.core.management.base import CommandError

from annotation_app.models import Campaign, User


def named_campaign(name: str) -> Campaign:
    """The campaign of this name or short name.

    Raises:
        CommandError: if there is none; lists those that there are.
    """
    for field in ("name", "slug"):
        found = Campaign.objects.filter(**{field: name.strip()}).first()
        if found is not None:
            return found
    names = [f"“{one}”" for one in Campaign.objects.order_by("name").values_list("name", flat=True)]
    there = f" There are: {', '.join(names[:20])}." if names else " There is none yet."
    raise CommandError(f"There is no campaign “{name}”.{there}")


def acting_admin(username: str | None) -> User:
    """The person a command acts for: the named admin of the installation, else the first one.

    Raises:
        CommandError: if there is none.
    """
    admins = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    found = admins.filter(username=username).first() if username else admins.first()
    if found is None:
        who = f"no admin “{username}”" if username else "no admin"
        raise CommandError(
            f"There is {who}: script/manage create_admin NAME --email ADDRESS makes one."
        )
    return found
