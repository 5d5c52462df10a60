"""Benchmark and import jobs on a real worker."""

import csv

import pytest
from django.conf import settings
from django.utils import timezone

from annotation_app.enums import BenchmarkStage, BuildState, JobState, RatingStatus, Split
from annotation_app.models import DrawnCandidate, Item, Rating
from annotation_app.services.benchmarks.building import request_benchmark
from annotation_app.services.benchmarks.judging import request_model_run
from annotation_app.services.benchmarks.plans import BenchmarkChoices
from annotation_app.services.benchmarks.publishing import request_publication
from annotation_app.services.benchmarks.rankings import decide_ranking
from annotation_app.services.collections.rating_imports.jobs import (
    RatingsRequest,
    request_ratings_import,
)
from annotation_app.services.exports.options import ExportOptions
from annotation_app.services.exports.versions import request_dataset
from annotation_app.services.jobs.lifecycle import request_cancel
from annotation_app.services.reward_models.versions import request_training
from tests.factories.benchmarks import make_checked_campaign
from tests.factories.world import make_user

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(400),
]


def train(campaign, worker):
    """A tiny model of the campaign's ratings."""
    dataset = request_dataset(campaign=campaign, options=ExportOptions(), created_by=None)
    assert worker.wait(dataset.job).state == JobState.SUCCEEDED, dataset.job.error
    dataset.refresh_from_db()
    version = request_training(
        campaign=campaign,
        dataset=dataset,
        backbone="compact",
        config={"max_steps": 2, "evaluations_per_run": 1},
        created_by=None,
    )
    assert worker.wait(version.job).state == JobState.SUCCEEDED, version.job.error
    version.refresh_from_db()
    return version


def test_a_benchmark_is_built_checked_published_and_judged_by_a_model(worker):
    campaign, _ = make_checked_campaign(12, size=(24, 24))
    admin = make_user(superuser=True)
    # the export before the benchmark trains on half; the other half is the benchmark's
    held = list(Item.objects.order_by("pk").values_list("pk", flat=True)[6:])
    Item.objects.update(split=Split.TRAIN)
    Item.objects.filter(pk__in=held).update(split=Split.TEST)
    version = train(campaign, worker)
    benchmark = request_benchmark(
        campaign=campaign, choices=BenchmarkChoices(groups={2: 3, 3: 3}), created_by=admin
    )
    job = worker.wait(benchmark.job)
    assert job.state == JobState.SUCCEEDED, job.error
    for ranking in benchmark.joint_rankings.all():
        shown = [ranking.implied[place] for place in ranking.shown]
        decide_ranking(ranking=ranking, ranks_shown=shown, now=timezone.now())
    benchmark.refresh_from_db()
    assert benchmark.facts["excluded"] == {"released_for_training": 6}
    job = worker.wait(request_publication(benchmark=benchmark, actor=admin))
    assert job.state == JobState.SUCCEEDED, job.error
    benchmark.refresh_from_db()
    assert benchmark.stage == BenchmarkStage.PUBLISHED
    run = request_model_run(benchmark=benchmark, version=version, created_by=admin)
    job = worker.wait(run.job)
    assert job.state == JobState.SUCCEEDED, job.error
    run.refresh_from_db()
    benchmark.refresh_from_db()
    assert (run.state, run.report["trained_on"], run.report["failed_groups"]) == (
        BuildState.READY,
        0,
        0,
    )
    assert [row["name"] for row in benchmark.board["rows"]] == [run.name]


def test_a_shortage_fails_the_job_with_the_reason(worker):
    campaign, _ = make_checked_campaign(2, raters=1)
    benchmark = request_benchmark(
        campaign=campaign, choices=BenchmarkChoices(groups={2: 5}), created_by=None
    )
    job = worker.wait(benchmark.job)
    assert job.state == JobState.FAILED
    assert "2: rated by too few people." in job.error
    benchmark.refresh_from_db()
    assert benchmark.state == BuildState.FAILED


def staged_ratings(campaign):
    folder = settings.IMPORT_STAGING_ROOT / "ratings-test"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "upload.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["item", "candidate", "annotator", "if", "vq"])
        drawn = DrawnCandidate.objects.filter(campaign_item__campaign=campaign)
        for item, candidate in drawn.values_list(
            "campaign_item__item__external_id", "candidate__external_id"
        ):
            writer.writerow([item, candidate, "anna", 3, 2])
    return "ratings-test/upload.csv"


def test_ratings_are_checked_then_imported(worker):
    campaign, _ = make_checked_campaign(3, raters=1)
    request = RatingsRequest(upload=staged_ratings(campaign), name="anna.csv")
    for dry_run in (True, False):
        job = worker.wait(
            request_ratings_import(
                actor=make_user(superuser=True),
                campaign=campaign,
                request=request,
                dry_run=dry_run,
            )
        )
        assert job.state == JobState.SUCCEEDED, job.error
        assert (job.result["ratings"], job.result["problem_count"]) == (3, 0)
    imported = Rating.objects.filter(imported_by__isnull=False)
    assert imported.filter(status=RatingStatus.ACTIVE).count() == 3


def test_a_cancelled_build_can_be_tried_again(worker):
    campaign, _ = make_checked_campaign(5)
    worker.stop()
    benchmark = request_benchmark(
        campaign=campaign, choices=BenchmarkChoices(groups={2: 5}), created_by=None
    )
    request_cancel(job=benchmark.job, actor=make_user(), now=timezone.now())
    benchmark.job.refresh_from_db()
    assert benchmark.job.state == JobState.CANCELLED
