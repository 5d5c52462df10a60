"""`manage.py push_to_hub (--dataset N | --benchmark N) --campaign NAME --repository OWNER/NAME`."""

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from typing_extensions import override

from annotation_app.exceptions import AnnotationError
from annotation_app.management.finding import named_campaign
from annotation_app.models import Benchmark, Campaign, DatasetVersion
from annotation_app.services.hub.pushing import (
    PushRequest,
    hub_client,
    hub_endpoints,
    push_benchmark,
    push_dataset,
)


class Command(BaseCommand):
    """Pushes a folder of any size; the token is asked for and never kept."""

    help = "Push a dataset version or benchmark to a hub that HUB_HOSTS lists."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--campaign", required=True, help="its name")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--dataset", type=int, help="number of the dataset version")
        what.add_argument("--benchmark", type=int, help="number of the benchmark")
        parser.add_argument("--repository", required=True, help="owner/name")
        parser.add_argument("--hub", default="", help="one of HUB_HOSTS; the first by default")
        parser.add_argument("--public", action="store_true", help="make a new repository public")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        if not hub_endpoints():
            raise CommandError("Pushing is off: list a hub in HUB_HOSTS first.")
        try:
            campaign = named_campaign(options["campaign"])
            self.stdout.write(f"Pushed: {self._push(campaign, options)}")
        except (DatasetVersion.DoesNotExist, Benchmark.DoesNotExist) as error:
            raise CommandError("There is no such dataset version or benchmark.") from error
        except AnnotationError as error:
            raise CommandError(error.message) from error

    def _push(self, campaign: Campaign, options: dict[str, Any]) -> str:
        version = benchmark = None
        if options["dataset"] is not None:
            version = campaign.datasets.get(number=options["dataset"])
        else:
            benchmark = campaign.benchmarks.get(number=options["benchmark"])
        request = PushRequest(
            endpoint=options["hub"] or hub_endpoints()[0],
            repository=options["repository"],
            token=getpass.getpass("Your token for the hub: "),
            private=not options["public"],
        )
        client = hub_client()
        if version is not None:
            return push_dataset(version=version, request=request, actor=None, client=client)
        if benchmark is None:
            raise CommandError("Name a dataset version or a benchmark.")
        return push_benchmark(benchmark=benchmark, request=request, actor=None, client=client)
