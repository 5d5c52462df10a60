"""A job whose database or disk fails under it: run again, or ended with a sentence."""

import errno

import pytest
from django.db import InterfaceError, OperationalError

from annotation_app.enums import BuildState, JobKind, JobState
from annotation_app.models import DatasetVersion, Job
from annotation_app.services.jobs.lifecycle import MOST_ATTEMPTS, claim_job, create_job, release_job
from tests.factories.world import NOON, make_campaign
from workers.tasks import supervision
from workers.tasks.supervision import NO_DATABASE, _beat, _once_it_is_back, perform

pytestmark = pytest.mark.django_db


def claimed():
    job = create_job(kind=JobKind.EXPORT_DATASET, arguments={}, created_by=None)
    return claim_job(job_id=job.pk, now=NOON)


def run(job, error):
    def fail(job, reporter):
        raise error

    perform(job.pk, {JobKind.EXPORT_DATASET: fail})
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("error", [OperationalError("terminating"), InterfaceError("closed")])
def test_a_job_that_loses_the_database_is_not_called_failed(error):
    job = claimed()
    with pytest.raises(type(error)):
        run(job, error)
    assert Job.objects.get(pk=job.pk).state == JobState.RUNNING


def test_it_goes_back_to_its_queue_and_what_it_makes_is_awaited_until_it_was_tried_thrice():
    campaign = make_campaign(1, k=2)
    job = claimed()
    version = DatasetVersion.objects.create(campaign=campaign, number=1, seed=0, job=job)
    for attempt in range(1, MOST_ATTEMPTS):
        DatasetVersion.objects.update(state=BuildState.FAILED)  # as its runner said, falling
        assert release_job(job=job, error=NO_DATABASE, now=NOON)
        version.refresh_from_db()
        assert version.state == BuildState.BUILDING
        job = claim_job(job_id=job.pk, now=NOON)
        assert job.attempt == attempt + 1
    assert not release_job(job=job, error=NO_DATABASE, now=NOON)
    job.refresh_from_db()
    version.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, NO_DATABASE)
    assert version.state == BuildState.FAILED


def test_who_lost_the_claim_gives_nothing_back():
    old = claimed()
    release_job(job=old, error="", now=NOON)
    new = claim_job(job_id=old.pk, now=NOON)
    assert not release_job(job=old, error="", now=NOON)
    new.refresh_from_db()
    assert new.state == JobState.RUNNING


def test_a_full_disk_and_a_missing_file_are_said_with_their_remedy():
    full = run(claimed(), OSError(errno.ENOSPC, "No space left on device"))
    assert (full.state, full.error.split(".")[0]) == (JobState.FAILED, "The server's disk is full")
    missing = run(claimed(), FileNotFoundError(errno.ENOENT, "No such file", "images/a.webp"))
    assert missing.error.startswith("The file a.webp is missing. Restore it")


def test_a_supervisor_does_not_give_a_child_up_while_the_database_is_away(monkeypatch):
    job = claimed()
    assert _beat(job) == (True, False)

    def gone(**facts):
        raise OperationalError("connection refused")

    monkeypatch.setattr(supervision, "beat_job", gone)
    monkeypatch.setattr(supervision.connection, "close", lambda: None)
    assert _beat(job) == (True, False)


def test_the_end_of_a_job_is_recorded_once_the_database_is_back(monkeypatch):
    answers = [OperationalError("connection refused"), InterfaceError("closed"), None]
    recorded = []

    def record():
        answer = answers.pop(0)
        if answer is not None:
            raise answer
        recorded.append("ended")

    monkeypatch.setattr(supervision.connection, "close", lambda: None)
    monkeypatch.setattr(supervision.time, "sleep", lambda seconds: None)
    _once_it_is_back(record)
    assert recorded == ["ended"]
