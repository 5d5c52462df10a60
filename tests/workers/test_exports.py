"""Dataset versions on a real worker: killed, cancelled, asked for twice at once."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from annotation_app.enums import BuildState, JobState
from annotation_app.models import DatasetVersion, Job, Snapshot
from annotation_app.selectors.exports.files import find_version_file
from annotation_app.services.exports.options import ExportFormat, ExportOptions, ImageMode
from annotation_app.services.exports.versions import request_dataset
from annotation_app.services.jobs.lifecycle import request_cancel, retry_job, sweep_jobs
from tests.factories.rated import rate_next
from tests.factories.rated_bulk import rate_many
from tests.factories.threads import in_threads
from tests.factories.world import make_annotators, make_campaign, make_user

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(400),
]
MANY = 3000
OPTIONS = ExportOptions(
    formats=(ExportFormat.EDIT_REWARD_JSON, ExportFormat.TRL, ExportFormat.POINTWISE),
    images=ImageMode.REFERENCED,
)


@pytest.fixture
def large():
    campaign = make_campaign(1, k=3)
    [annotator] = make_annotators(campaign, 1)
    rate_many(campaign, annotator, MANY)
    return campaign


def visible(version):
    """What of a version is there for others: its folder and its files."""
    folder = Path(settings.EXPORT_ROOT) / str(version.public_id)
    return folder.exists(), find_version_file(version, "manifest.json") is not None


def until_writing(worker, version):
    """Wait until the version's job is in the midst of its items."""
    job = worker.wait_until(version.job, lambda job: 0 < job.done < job.total and job.attempt)
    version.refresh_from_db()
    return job


def test_a_worker_killed_in_mid_export_leaves_nothing_visible_and_the_retry_finishes_it(
    large, worker
):
    version = request_dataset(campaign=large, options=OPTIONS, created_by=None)
    until_writing(worker, version)
    worker.kill()
    version.refresh_from_db()
    assert version.state == BuildState.BUILDING
    assert visible(version) == (False, False)
    worker.start()
    Job.objects.filter(pk=version.job.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=2))
    assert sweep_jobs(now=timezone.now()) == 1
    job = worker.wait(version.job)
    assert (job.state, job.attempt) == (JobState.SUCCEEDED, 2), job.error
    version.refresh_from_db()
    assert version.state == BuildState.READY
    assert visible(version) == (True, True)
    assert version.manifest["pairs"]["items"] == MANY
    undisturbed = request_dataset(campaign=large, options=OPTIONS, created_by=None)
    DatasetVersion.objects.filter(pk=undisturbed.pk).update(snapshot=version.snapshot)
    assert worker.wait(undisturbed.job).state == JobState.SUCCEEDED
    undisturbed.refresh_from_db()
    rows = {
        name: facts
        for name, facts in version.manifest["files"].items()
        if name != "README.md"  # the card names its version
    }
    assert rows == {name: undisturbed.manifest["files"][name] for name in rows}


def test_a_cancelled_export_goes_on_from_its_snapshot(large, worker):
    version = request_dataset(campaign=large, options=OPTIONS, created_by=None)
    until_writing(worker, version)
    request_cancel(job=version.job, actor=make_user(), now=timezone.now())
    assert worker.wait(version.job).state == JobState.CANCELLED
    version.refresh_from_db()
    assert version.state == BuildState.CANCELLED
    assert visible(version) == (False, False)
    snapshots = Snapshot.objects.count()
    retry_job(job=version.job, actor=None)
    version.refresh_from_db()
    assert version.state == BuildState.BUILDING
    job = worker.wait(version.job)
    assert job.state == JobState.SUCCEEDED, job.error
    version.refresh_from_db()
    assert version.state == BuildState.READY
    assert Snapshot.objects.count() <= max(1, snapshots)


def test_two_versions_asked_for_at_once_get_numbers_of_their_own_and_both_are_built(worker):
    campaign = make_campaign(3, k=2)
    [annotator] = make_annotators(campaign, 1)
    for _ in range(3):
        rate_next(campaign, annotator)

    def ask(_):
        try:
            return request_dataset(campaign=campaign, options=ExportOptions(), created_by=None)
        finally:
            connections.close_all()

    versions = in_threads(3, ask)
    assert sorted(version.number for version in versions) == [1, 2, 3]
    for version in versions:
        job = worker.wait(version.job)
        assert job.state == JobState.SUCCEEDED, job.error
        version.refresh_from_db()
        assert version.state == BuildState.READY
    assert len({version.snapshot.digest for version in versions}) == 1


def test_a_version_cancelled_before_its_turn_is_cancelled_and_can_be_built_later(worker):
    campaign = make_campaign(1, k=2)
    [annotator] = make_annotators(campaign, 1)
    rate_next(campaign, annotator)
    worker.stop()
    version = request_dataset(campaign=campaign, options=ExportOptions(), created_by=None)
    request_cancel(job=version.job, actor=make_user(), now=timezone.now())
    version.refresh_from_db()
    assert version.state == BuildState.CANCELLED
    retry_job(job=version.job, actor=None)
    worker.start()
    job = worker.wait(version.job)
    assert job.state == JobState.SUCCEEDED, job.error
    version.refresh_from_db()
    assert version.state == BuildState.READY
