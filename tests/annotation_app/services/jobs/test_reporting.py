"""A job speaks from inside a long transaction, and hears the wish to stop."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from annotation_app.enums import JobKind
from annotation_app.exceptions import JobCancelledError
from annotation_app.models import Job
from annotation_app.services.jobs.lifecycle import beat_job, claim_job, create_job, request_cancel
from annotation_app.services.jobs.reporting import ElsewhereProgress, JobReporter
from tests.factories.threads import in_threads
from tests.factories.world import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job():
    made = create_job(kind=JobKind.EXPORT_DATASET, arguments={}, created_by=None)
    return claim_job(job_id=made.pk, now=timezone.now())


def repeatable_read():
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def test_progress_is_seen_and_the_supervisor_beats_while_the_transaction_runs(job):
    seen = []

    def watch(_place):
        seen.append(Job.objects.get(pk=job.pk).message)
        assert beat_job(job=job, now=timezone.now())  # would wait for a locked row

    with ElsewhereProgress(JobReporter(job)) as progress, transaction.atomic():
        repeatable_read()
        assert Job.objects.get(pk=job.pk).message == ""
        progress(1, 1, "taking the snapshot")
        in_threads(1, watch)
        progress(2, 2, "still taking it")  # the row changed since the transaction began
        assert Job.objects.get(pk=job.pk).message == ""  # our own view stays that of one moment
    assert seen == ["taking the snapshot"]
    assert Job.objects.get(pk=job.pk).message == "still taking it"


def test_a_wish_to_stop_is_heard_inside_the_transaction(job):
    user = make_user(superuser=True)
    with ElsewhereProgress(JobReporter(job)) as progress, transaction.atomic():
        repeatable_read()
        assert Job.objects.filter(pk=job.pk).exists()
        in_threads(1, lambda _: request_cancel(job=job, actor=user, now=timezone.now()))
        with pytest.raises(JobCancelledError):
            progress(1, 1, "taking the snapshot")
