"""What the loop makes: benchmarks, dataset versions, models, reports, studies, imported ratings."""

import json
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone

from annotation_app.enums import JobState, JudgeKind, PriorityStrategy
from annotation_app.models import Benchmark, Campaign, DatasetVersion, Job, RewardModelVersion, User
from annotation_app.services.agreement.reports.freezing import request_report
from annotation_app.services.agreement.reports.verifying import request_verification
from annotation_app.services.benchmarks.building import request_benchmark
from annotation_app.services.benchmarks.judging import record_predictions, request_model_run
from annotation_app.services.benchmarks.plans import BenchmarkChoices
from annotation_app.services.benchmarks.predictions import Predictions
from annotation_app.services.benchmarks.publishing import request_publication
from annotation_app.services.benchmarks.rankings import decide_ranking
from annotation_app.services.benchmarks.uploading import request_scoring
from annotation_app.services.collections.rating_imports.jobs import (
    RatingsRequest,
    request_ratings_import,
)
from annotation_app.services.collections.rating_imports.releasing import release_import
from annotation_app.services.exports.options import ExportFormat, ExportOptions, ImageMode
from annotation_app.services.exports.versions import request_dataset
from annotation_app.services.hub.client import HuggingFaceHub, host_of
from annotation_app.services.hub.pushing import PushRequest, push_benchmark, push_dataset
from annotation_app.services.jobs.lifecycle import MOST_AT_ONCE
from annotation_app.services.queue.priorities import request_refresh
from annotation_app.services.raters.studying import request_study
from annotation_app.services.reward_models.predictions import request_predictions
from annotation_app.services.reward_models.promotion import promote_model
from annotation_app.services.reward_models.versions import request_training
from tests.factories.fake_hub import FakeHub
from tests.factories.loop.jobs import cancel, run_job, succeed
from tests.factories.loop.material import staged_ratings
from tests.factories.loop.people import Cast
from tests.factories.loop.words import two_lines

GROUPS = 6
QUICK = {"max_steps": 2, "evaluations_per_run": 1}


@dataclass(frozen=True)
class Maker:
    """Makes a campaign's products in somebody's name."""

    cast: Cast
    campaign: Campaign

    def reports(self) -> None:
        """Two reports, one verified; a study."""
        for _ in range(2):
            succeed(request_report(campaign=self.campaign, created_by=self.cast.former))
        report = self.campaign.reports.order_by("pk")[0]
        succeed(request_verification(report=report, created_by=self.cast.researcher))
        succeed(request_study(campaign=self.campaign, created_by=self.cast.researcher))

    def benchmark(self) -> Benchmark:
        """A published one with judges; one that waits for its raters; one failed, one cancelled."""
        choices = BenchmarkChoices(groups={2: GROUPS})
        made = []
        for person in self._shared(self.cast.researcher, 4):
            benchmark = request_benchmark(
                campaign=self.campaign, choices=choices, created_by=person
            )
            made.append(benchmark)
        published, waiting, failed, cancelled = made
        succeed(published.job)
        published.refresh_from_db()
        self._rank(published)
        job = request_publication(
            benchmark=published, actor=self.cast.admin, override_reason=two_lines("One is ill.")
        )
        succeed(job)
        published.refresh_from_db()
        self._judge(published)
        waiting.plan = BenchmarkChoices(groups={2: 5}, accept_fewer=True).to_json()
        failed.plan = BenchmarkChoices(groups={4: 900}).to_json()
        for one in (waiting, failed):
            one.save()
        succeed(waiting.job)
        assert run_job(failed.job).state == JobState.FAILED
        assert cancel(cancelled.job, self.cast.admin).state == JobState.CANCELLED
        return published

    def _shared(self, person: User, jobs: int) -> list[User]:
        """Who asks for each of some jobs: a person as often as they may, then an admin."""
        return [person] * MOST_AT_ONCE + [self.cast.admin] * (jobs - MOST_AT_ONCE)

    def _rank(self, benchmark: Benchmark) -> None:
        """All rankings but one."""
        for ranking in benchmark.joint_rankings.order_by("pk")[1:]:
            shown = [ranking.implied[place] for place in ranking.shown]
            decide_ranking(ranking=ranking, ranks_shown=shown, now=timezone.now())

    def _judge(self, benchmark: Benchmark) -> None:
        scores = {group["group_id"]: [2.0, 1.0] for group in benchmark.groups}
        record_predictions(
            benchmark=benchmark,
            name="First judge",
            predictions=Predictions(JudgeKind.SCORES, scores),
            actor=self.cast.researcher,
        )
        rows = [{"group_id": group, "scores": values} for group, values in scores.items()]
        file = SimpleUploadedFile("judge.json", json.dumps(rows).encode())
        succeed(
            request_scoring(
                benchmark=benchmark,
                name="Second judge",
                file=file,
                created_by=self.cast.researcher,
            )
        )

    def datasets(self) -> DatasetVersion:
        """Two ready versions, one that failed, one that was cancelled, one that waits."""
        every = ExportOptions(formats=tuple(ExportFormat), images=ImageMode.COPIED)
        options = (every, ExportOptions(), ExportOptions(), ExportOptions(), ExportOptions())
        versions = [
            request_dataset(campaign=self.campaign, options=one, created_by=person)
            for one, person in zip(options, self._shared(self.cast.former, 5), strict=True)
        ]
        first, second, failed, cancelled, _waiting = versions
        for version in (first, second):
            succeed(version.job)
            version.refresh_from_db()
        failed.options = failed.options | {"formats": ["unheard-of"]}
        failed.save()
        assert run_job(failed.job).state == JobState.FAILED
        assert cancel(cancelled.job, self.cast.admin).state == JobState.CANCELLED
        return first

    def models(self, dataset: DatasetVersion, benchmark: Benchmark) -> None:
        """A retired and a reigning model, one that failed, one cancelled; predictions, an order."""
        good, rival, failed, cancelled, _waiting = (
            request_training(
                campaign=self.campaign,
                dataset=dataset,
                backbone=backbone,
                config=QUICK,
                created_by=person,
            )
            for backbone, person in zip(
                ("compact", "compact", "unheard-of", "compact", "compact"),
                self._shared(self.cast.researcher, 5),
                strict=True,
            )
        )
        for version in (good, rival):
            succeed(version.job)
            version.refresh_from_db()
        promote_model(version=rival, actor=self.cast.admin)
        assert run_job(failed.job).state == JobState.FAILED
        assert cancel(cancelled.job, self.cast.admin).state == JobState.CANCELLED
        self._predict(good, benchmark)

    def _predict(self, model: RewardModelVersion, benchmark: Benchmark) -> None:
        for refresh in (True, False):
            succeed(
                request_predictions(version=model, created_by=self.cast.researcher, refresh=refresh)
            )
        succeed(
            request_refresh(
                version=model, strategy=PriorityStrategy.HARD, created_by=self.cast.researcher
            )
        )
        run = request_model_run(benchmark=benchmark, version=model, created_by=self.cast.researcher)
        succeed(run.job)

    def imported_ratings(self) -> None:
        """Two imports, one of them released, each after its dry run; one that found problems."""
        for name, level in (("anna.csv", 3), ("berta.csv", 2)):
            upload = staged_ratings(self.campaign, name.split(".")[0], level=level)
            request = RatingsRequest(upload=upload, name=name)
            for dry_run in (True, False):
                self._import(request, dry_run=dry_run)
        release_import(
            record=self.campaign.ratings_imports.get(name="berta.csv"),
            actor=self.cast.admin,
            reason=two_lines("The wrong file."),
            now=timezone.now(),
        )
        bad = staged_ratings(self.campaign, "carl", level=9)
        job = self._import(RatingsRequest(upload=bad, name="carl.csv"), dry_run=True)
        assert job.result["problem_count"]

    def _import(self, request: RatingsRequest, *, dry_run: bool) -> Job:
        return succeed(
            request_ratings_import(
                actor=self.cast.admin, campaign=self.campaign, request=request, dry_run=dry_run
            )
        )

    def push(self, dataset: DatasetVersion, benchmark: Benchmark) -> None:
        """A version and a benchmark go to a hub."""
        with FakeHub() as hub, override_settings(HUB_HOSTS=[hub.address]):
            client = HuggingFaceHub(frozenset({host_of(hub.address)}))
            request = PushRequest(endpoint=hub.address, repository="team/set", token="hf_trial")  # noqa: S106 - of a hub in this process
            push_dataset(version=dataset, request=request, actor=self.cast.admin, client=client)
            push_benchmark(
                benchmark=benchmark, request=request, actor=self.cast.admin, client=client
            )
