"""`manage.py changepassword NAME`: Django's own, which also ends the person's API tokens."""

import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword
from typing_extensions import override

from annotation_app.models import User
from annotation_app.services.people.tokens import revoke_tokens


class Command(changepassword.Command):
    """Changes a password."""

    @override
    def handle(self, *args: Any, **options: Any) -> str | None:
        said = super().handle(*args, **options)
        user = User.objects.get_by_natural_key(options["username"] or getpass.getuser())
        revoke_tokens(user=user, actor=None, reason="password changed")
        return said
