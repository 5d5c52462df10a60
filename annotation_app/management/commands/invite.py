"""`manage.py invite CAMPAIGN ADDRESS… [--role ROLE]`: mails invitations, or prints their links."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from annotation_app.enums import Role
from annotation_app.exceptions import AnnotationError
from annotation_app.management.finding import acting_admin, named_campaign
from annotation_app.services.people.bulk import ListRefusedError, invite_list
from annotation_app.services.people.mailing import invitation_link, mail_invitation


class Command(BaseCommand):
    """The same as Invite on the campaign's page of members."""

    help = "Invite people to a campaign; if the site cannot send mail, their links are printed."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="its name")
        parser.add_argument("addresses", nargs="+", metavar="address", help="of mail")
        parser.add_argument("--role", choices=Role.values, default=Role.ANNOTATOR.value)
        parser.add_argument("--by", help="the admin who invites (default: the first)")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = invite_list(
                actor=acting_admin(options["by"]),
                campaign=named_campaign(options["campaign"]),
                text="\n".join(options["addresses"]),
                role=Role(options["role"]),
                now=timezone.now(),
            )
        except ListRefusedError as error:
            lines = [f"{one.text}: {one.problem}" for one in error.problems]
            raise CommandError("\n".join([error.message, *lines])) from error
        except AnnotationError as error:
            raise CommandError(error.message) from error
        for fresh in made:
            email = fresh.invitation.email
            said = "mailed" if mail_invitation(fresh) else invitation_link(fresh)
            self.stdout.write(f"{email}  {said}")
