"""`manage.py create_admin NAME --email ADDRESS`: the first account of an installation."""

import getpass
import os
import secrets
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from annotation_app.exceptions import AnnotationError
from annotation_app.services.people.accounts import create_admin

PASSWORD_VARIABLE = "EDITJURY_ADMIN_PASSWORD"  # noqa: S105 - a variable's name
GENERATED_BYTES = 15


class Command(BaseCommand):
    """Makes a person who administers the installation."""

    help = (
        "Create an account that administers the installation. The password is asked for on a "
        f"terminal, else read from ${PASSWORD_VARIABLE}, else generated and printed once."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--email", default="", help="email address, which can also be used to sign in"
        )
        parser.add_argument(
            "--generate", action="store_true", help="never ask: generate a password"
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        password, is_generated = _choose_password(generate=options["generate"])
        try:
            create_admin(username=options["username"], email=options["email"], password=password)
        except AnnotationError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Created the admin {options['username']}.")
        if is_generated:
            self.stdout.write(f"Password, shown this once: {password}")


def _choose_password(*, generate: bool) -> tuple[str, bool]:
    """The password, and whether it was generated here."""
    given = os.environ.get(PASSWORD_VARIABLE, "")
    if given and not generate:
        return given, False
    if generate or not sys.stdin.isatty():
        return secrets.token_urlsafe(GENERATED_BYTES), True
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Repeat password: "):
        raise CommandError("The two passwords do not match. No account was created.")
    return password, False
