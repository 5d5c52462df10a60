"""`manage.py demo [--empty]`: builds the demo once, through the real services and workers."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from typing_extensions import override

from annotation_app.enums import JobKind, JobState, Role
from annotation_app.management.demo.people import (
    ROSTER_SEED,
    ROSTER_SIZE,
    Login,
    ensure_logins,
    ensure_members,
)
from annotation_app.management.demo.waiting import finish, wait_for
from annotation_app.management.demo.world import draw_world, ensure_campaign, import_world
from annotation_app.models import Campaign, DatasetVersion, Job, RewardModelVersion
from annotation_app.services.agreement.reports.freezing import request_report
from annotation_app.services.exports.options import ExportOptions
from annotation_app.services.exports.versions import request_dataset
from annotation_app.services.jobs.lifecycle import create_job
from annotation_app.services.reward_models.predictions import request_predictions
from annotation_app.services.reward_models.versions import request_training
from simulation.world import World

ANNOTATOR, REVIEWER, ADMIN = "annotator", "reviewer", "admin"
ROLES = {ANNOTATOR: Role.ANNOTATOR, REVIEWER: Role.REVIEWER, ADMIN: Role.ADMIN}
WORLD_SEED = 7
ITEMS = 200
RATED_SHARE = 0.6
EPOCHS = 12


class Command(BaseCommand):
    """Builds the missing parts of the demo; a second run finds everything and changes no data."""

    help = "Create the demo campaign and run the whole loop on it once."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--empty", action="store_true", help="create only an admin account")
        parser.add_argument("--items", type=int, default=ITEMS, help="size of the simulated world")
        parser.add_argument("--epochs", type=int, default=EPOCHS, help="of training")
        parser.add_argument(
            "--rated", type=float, default=RATED_SHARE, help="share of the slots to fill"
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        data = Path(settings.MEDIA_ROOT).parent
        logins = data / "demo-logins.json"
        if options["empty"]:
            self._print_logins(ensure_logins(logins, (ADMIN,), superuser=ADMIN))
            return
        people = ensure_logins(logins, tuple(ROLES), superuser=ADMIN)
        world = World(seed=WORLD_SEED, items=options["items"], bad_category=None)
        campaign = self._campaign(world, data / "demo-world")
        self._rate(campaign, world, options["rated"])
        self._report(campaign)
        dataset = self._export(campaign)
        model = self._train(campaign, dataset, options["epochs"])
        self._predict(campaign, model)
        self._print_logins(people)

    def _campaign(self, world: World, folder: Path) -> Campaign:
        done = Job.objects.filter(kind=JobKind.SIMULATE_RATINGS, state=JobState.SUCCEEDED).first()
        if done is not None and done.campaign is not None:
            return done.campaign
        campaign = ensure_campaign(import_world(draw_world(world, folder)))
        ensure_members(campaign, ROLES)
        return campaign

    def _rate(self, campaign: Campaign, world: World, share: float) -> None:
        if _succeeded(campaign, JobKind.SIMULATE_RATINGS):
            return
        job = _unfinished(campaign, JobKind.SIMULATE_RATINGS) or create_job(
            kind=JobKind.SIMULATE_RATINGS,
            arguments={
                "world": {"seed": world.seed, "items": world.items},
                "roster": {"seed": ROSTER_SEED, "size": ROSTER_SIZE},
                "share": share,
            },
            created_by=None,
            campaign=campaign,
        )
        wait_for(job, "Simulated annotators rate")

    def _report(self, campaign: Campaign) -> None:
        if not campaign.reports.exists():
            wait_for(request_report(campaign=campaign, created_by=None), "Measuring agreement")

    def _export(self, campaign: Campaign) -> DatasetVersion:
        version = campaign.datasets.order_by("number").first() or request_dataset(
            campaign=campaign, options=ExportOptions(), created_by=None
        )
        finish(version.job, "Exporting pairs")
        version.refresh_from_db()
        return version

    def _train(
        self, campaign: Campaign, dataset: DatasetVersion, epochs: int
    ) -> RewardModelVersion:
        version = campaign.models.order_by("number").first() or request_training(
            campaign=campaign,
            dataset=dataset,
            backbone="compact",
            config={"epochs": epochs, "seed": 0},
            created_by=None,
        )
        finish(version.job, "Training the reward model")
        version.refresh_from_db()
        return version

    def _predict(self, campaign: Campaign, model: RewardModelVersion) -> None:
        if not _succeeded(campaign, JobKind.PREDICT):
            job = request_predictions(version=model, created_by=None, refresh=True)
            wait_for(job, "Ordering the remaining tasks")

    def _print_logins(self, logins: list[Login]) -> None:
        width = max(len(login.username) for login in logins)
        self.stdout.write("\nSign in as:")
        for login in logins:
            self.stdout.write(f"  {login.username:<{width}}  {login.password}")


def _succeeded(campaign: Campaign, kind: JobKind) -> bool:
    return campaign.jobs.filter(kind=kind, state=JobState.SUCCEEDED).exists()


def _unfinished(campaign: Campaign, kind: JobKind) -> Job | None:
    return campaign.jobs.filter(kind=kind, state__in=(JobState.QUEUED, JobState.RUNNING)).first()
