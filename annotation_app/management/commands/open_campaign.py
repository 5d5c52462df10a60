"""`manage.py open_campaign CAMPAIGN`: lets its annotators work."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from annotation_app.enums import CampaignState
from annotation_app.exceptions import AnnotationError
from annotation_app.management.finding import acting_admin, named_campaign
from annotation_app.services.campaigns.creation import change_campaign_state


class Command(BaseCommand):
    """The same as Start on the campaign's setup page."""

    help = "Start a campaign, so that its annotators can work."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="its name")
        parser.add_argument("--by", help="the admin who does it (default: the first)")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        campaign = named_campaign(options["campaign"])
        if campaign.state == CampaignState.ACTIVE:
            self.stdout.write(f"“{campaign.name}” is already open.")
            return
        try:
            change_campaign_state(
                actor=acting_admin(options["by"]), campaign=campaign, state=CampaignState.ACTIVE
            )
        except AnnotationError as error:
            raise CommandError(error.message) from error
        self.stdout.write(
            f"“{campaign.name}” is open, with {campaign.tasks.count():,} tasks to rate."
        )
