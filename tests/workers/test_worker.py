"""Jobs on a real worker: done once, killed and done again, cancelled."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from annotation_app.enums import BuildState, JobKind, JobState, Split
from annotation_app.jobs import send
from annotation_app.models import Item, Job, RewardModelVersion
from annotation_app.services.exports.options import ExportOptions
from annotation_app.services.exports.versions import request_dataset
from annotation_app.services.jobs.lifecycle import request_cancel, sweep_jobs
from annotation_app.services.reward_models.predictions import request_predictions
from annotation_app.services.reward_models.versions import request_training
from tests.factories.rated import rate_by_rule
from tests.factories.world import make_annotators, make_campaign, make_user
from workers.task_names import TaskName

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(400),
]


@pytest.fixture
def campaign():
    campaign = make_campaign(6, k=3)
    # the world's items share one source image, so one draw would decide the split of all
    Item.objects.update(split=Split.TRAIN)
    for annotator in make_annotators(campaign, 6):
        rate_by_rule(campaign, annotator, lambda place, key: 1 + place + (key == "vq"))
    return campaign


def export(campaign, worker):
    version = request_dataset(campaign=campaign, options=ExportOptions(), created_by=None)
    worker.wait(version.job)
    version.refresh_from_db()
    return version


def test_export_train_predict_and_reorder_run_on_the_worker(campaign, worker):
    dataset = export(campaign, worker)
    assert dataset.state == BuildState.READY
    version = request_training(
        campaign=campaign,
        dataset=dataset,
        backbone="compact",
        config={"max_steps": 2, "evaluations_per_run": 1},
        created_by=None,
    )
    assert worker.wait(version.job).state == JobState.SUCCEEDED, version.job.error
    version.refresh_from_db()
    assert (Path(settings.MODEL_ROOT) / version.folder / "model.safetensors").is_file()
    job = worker.wait(request_predictions(version=version, created_by=None, refresh=True))
    assert job.state == JobState.SUCCEEDED, job.error
    prediction = version.predictions.first()
    assert version.predictions.count() == 6 * 3
    assert len(prediction.means) == len(prediction.deviations) == 2
    assert RewardModelVersion.objects.get(pk=version.pk).stage == "champion"


def test_a_message_sent_twice_runs_its_job_once(campaign, worker):
    version = request_dataset(campaign=campaign, options=ExportOptions(), created_by=None)
    for _ in range(3):
        send(TaskName.RUN_JOB, version.job.pk)
    job = worker.wait(version.job)
    assert (job.state, job.attempt) == (JobState.SUCCEEDED, 1)


def start_long_training(campaign, worker):
    dataset = export(campaign, worker)
    version = request_training(
        campaign=campaign,
        dataset=dataset,
        backbone="compact",
        config={"max_steps": 100_000, "evaluations_per_run": 1},
        created_by=None,
    )
    worker.wait_until(version.job, lambda job: job.done > 1)
    return version


def test_a_killed_worker_leaves_no_child_and_the_sweep_sends_the_job_again(campaign, worker):
    version = start_long_training(campaign, worker)
    worker.kill()
    worker.start()
    Job.objects.filter(pk=version.job.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=2))
    assert sweep_jobs(now=timezone.now()) == 1
    job = worker.wait_until(version.job, lambda job: job.attempt == 2 and job.done > 1)
    assert job.state == JobState.RUNNING
    request_cancel(job=job, actor=make_user(), now=timezone.now())
    assert worker.wait(job).state == JobState.CANCELLED


def test_a_killed_pool_process_ends_neither_the_worker_nor_the_job(campaign, worker):
    version = start_long_training(campaign, worker)
    worker.kill_pool()
    Job.objects.filter(pk=version.job.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=2))
    assert sweep_jobs(now=timezone.now()) == 1
    job = worker.wait_until(version.job, lambda job: job.attempt == 2 and job.done > 1)
    assert worker.runs
    request_cancel(job=job, actor=make_user(), now=timezone.now())
    assert worker.wait(job).state == JobState.CANCELLED


def test_a_cancelled_training_stops_soon_and_says_so(campaign, worker):
    version = start_long_training(campaign, worker)
    request_cancel(job=version.job, actor=make_user(), now=timezone.now())
    assert worker.wait(version.job).state == JobState.CANCELLED
    version.refresh_from_db()
    assert version.state == BuildState.CANCELLED
    assert Job.objects.filter(kind=JobKind.TRAIN_MODEL).count() == 1
