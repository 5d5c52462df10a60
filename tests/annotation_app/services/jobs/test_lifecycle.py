from datetime import timedelta

import pytest
from django.db import connections

from annotation_app.enums import BuildState, JobKind, JobState
from annotation_app.exceptions import ConflictError, JobCancelledError, JobLostError
from annotation_app.models import Benchmark, DatasetVersion, Job
from annotation_app.services.jobs.lifecycle import (
    MOST_AT_ONCE,
    MOST_ATTEMPTS,
    SILENCE_LIMIT,
    beat_job,
    claim_job,
    create_job,
    fail_job,
    finish_job,
    report_progress,
    request_cancel,
    retry_job,
    sweep_jobs,
)
from annotation_app.services.jobs.reporting import JobReporter
from tests.factories.threads import in_threads
from tests.factories.world import NOON, make_campaign, make_user
from workers.task_names import TaskName

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    """Messages that would have gone to the broker."""
    messages = []
    monkeypatch.setattr(
        "annotation_app.jobs.app.send_task", lambda name, args: messages.append((name, args))
    )
    return messages


def make_job(kind=JobKind.EXPORT_DATASET, **changes):
    return create_job(kind=kind, arguments={}, created_by=None, **changes)


def test_a_job_is_sent_to_its_queue_only_after_the_commit(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        light = make_job()
        heavy = make_job(JobKind.TRAIN_MODEL)
        assert sent == []
    assert sent == [(TaskName.RUN_JOB, [light.pk]), (TaskName.RUN_MODEL_JOB, [heavy.pk])]


def test_two_unfinished_jobs_never_share_a_key_but_a_finished_one_frees_it():
    first = make_job(dedupe_key="report:1")
    with pytest.raises(ConflictError) as refused:
        make_job(dedupe_key="report:1")
    assert refused.value.details["job"] == str(first.public_id)
    finish_job(job=claim_job(job_id=first.pk, now=NOON), result={}, now=NOON)
    make_job(dedupe_key="report:1")


def test_a_claimed_job_cannot_be_claimed_again():
    job = make_job()
    assert claim_job(job_id=job.pk, now=NOON).attempt == 1
    assert claim_job(job_id=job.pk, now=NOON) is None


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_with_the_same_message_one_claims_the_job():
    job = make_job()
    claims = in_threads(8, lambda _: claim_job(job_id=job.pk, now=NOON))
    assert sum(claim is not None for claim in claims) == 1
    connections.close_all()


def test_who_lost_the_claim_can_write_nothing():
    job = make_job()
    old = claim_job(job_id=job.pk, now=NOON)
    sweep_jobs(now=NOON + SILENCE_LIMIT + timedelta(seconds=1))
    new = claim_job(job_id=job.pk, now=NOON)
    assert new.claim != old.claim
    assert not report_progress(job=old, done=1, total=2, message="late", now=NOON)
    assert not finish_job(job=old, result={"stale": True}, now=NOON)
    assert not beat_job(job=old, now=NOON)
    with pytest.raises(JobLostError):
        JobReporter(old)(2, 2, "late")
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.RUNNING, {})


def test_a_silent_job_is_sent_again_until_it_was_tried_too_often(
    sent, django_capture_on_commit_callbacks
):
    job = make_job()
    now = NOON
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert claim_job(job_id=job.pk, now=now).attempt == attempt
        now += SILENCE_LIMIT + timedelta(seconds=1)
        with django_capture_on_commit_callbacks(execute=True):
            revived = sweep_jobs(now=now)
        assert revived == (attempt < MOST_ATTEMPTS)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "died each time" in job.error


def test_a_job_that_reports_is_left_alone():
    job = claim_job(job_id=make_job().pk, now=NOON)
    beat_job(job=job, now=NOON + SILENCE_LIMIT)
    assert sweep_jobs(now=NOON + SILENCE_LIMIT + timedelta(seconds=30)) == 0
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_cancelling_ends_a_queued_job_at_once_and_a_running_one_at_its_next_report():
    actor = make_user()
    queued, running = make_job(), make_job()
    claimed = claim_job(job_id=running.pk, now=NOON)
    request_cancel(job=queued, actor=actor, now=NOON)
    request_cancel(job=running, actor=actor, now=NOON)
    assert Job.objects.get(pk=queued.pk).state == JobState.CANCELLED
    with pytest.raises(JobCancelledError):
        JobReporter(claimed)(1, 10, "working")


def test_an_ended_job_cannot_be_cancelled():
    job = make_job()
    finish_job(job=claim_job(job_id=job.pk, now=NOON), result={}, now=NOON)
    with pytest.raises(ConflictError):
        request_cancel(job=job, actor=make_user(), now=NOON)


def test_only_failed_or_cancelled_jobs_can_be_tried_again(sent, django_capture_on_commit_callbacks):
    job = make_job()
    with pytest.raises(ConflictError):
        retry_job(job=job, actor=None)
    fail_job(job=claim_job(job_id=job.pk, now=NOON), error="disk full", now=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        retry_job(job=job, actor=None)
    job.refresh_from_db()
    assert (job.state, job.error, job.attempt) == (JobState.QUEUED, "", 0)
    assert sent == [(TaskName.RUN_JOB, [job.pk])]


@pytest.fixture
def makers():
    """A version and a benchmark that wait for their jobs."""
    campaign = make_campaign(1, k=2)
    version = DatasetVersion.objects.create(campaign=campaign, number=1, seed=0, job=make_job())
    benchmark = Benchmark.objects.create(
        campaign=campaign, number=1, seed=0, plan={}, job=make_job(JobKind.BUILD_BENCHMARK)
    )
    return version, benchmark


def states(makers):
    for made in makers:
        made.refresh_from_db()
    return {made.state for made in makers}


def test_what_a_queued_job_would_make_is_cancelled_with_it_and_awaited_after_a_retry(makers):
    for made in makers:
        request_cancel(job=made.job, actor=make_user(), now=NOON)
    assert states(makers) == {BuildState.CANCELLED}
    for made in makers:
        retry_job(job=made.job, actor=None)
    assert states(makers) == {BuildState.BUILDING}


def test_what_a_dead_process_was_making_is_failed_with_its_job(makers):
    for made in makers:
        fail_job(job=claim_job(job_id=made.job.pk, now=NOON), error="signal 9", now=NOON)
    assert states(makers) == {BuildState.FAILED}


def test_what_is_ready_stays_ready_whatever_becomes_of_its_job(makers):
    for made in makers:
        type(made).objects.filter(pk=made.pk).update(state=BuildState.READY)
        fail_job(job=claim_job(job_id=made.job.pk, now=NOON), error="late", now=NOON)
        retry_job(job=made.job, actor=None)
    assert states(makers) == {BuildState.READY}


def test_the_sweep_cancels_what_a_silent_cancelled_job_was_making(makers):
    version, _ = makers
    claim_job(job_id=version.job.pk, now=NOON)
    request_cancel(job=version.job, actor=make_user(), now=NOON)
    assert sweep_jobs(now=NOON + 2 * SILENCE_LIMIT) == 0
    assert states([version]) == {BuildState.CANCELLED}


def ask_for(kind=JobKind.EXPORT_DATASET, *, created_by):
    return create_job(kind=kind, arguments={}, created_by=created_by)


def test_a_person_has_three_jobs_of_a_kind_under_way_and_leaves_room_for_others():
    ada, ben = make_user(), make_user()
    mine = [ask_for(created_by=ada) for _ in range(MOST_AT_ONCE)]
    with pytest.raises(ConflictError, match="3 such jobs"):
        ask_for(created_by=ada)
    ask_for(created_by=ben)
    ask_for(JobKind.AGREEMENT_REPORT, created_by=ada)
    Job.objects.filter(pk=mine[0].pk).update(state=JobState.SUCCEEDED)
    assert ask_for(created_by=ada).state == JobState.QUEUED
