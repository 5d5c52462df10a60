"""The life of a job: asked for, claimed once, reported on, ended, cancelled, retried."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, BuildState, JobKind, JobState
from annotation_app.exceptions import ConflictError
from annotation_app.jobs import enqueue_job, send_job
from annotation_app.models import Campaign, Job, JobLine, User
from annotation_app.services.audit.events import record_event
from annotation_app.services.jobs.products import end_products, reopen_products

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
SILENCE_LIMIT = timedelta(seconds=30)  # a running job whose process lives reports every 5 seconds
QUEUE_LIMIT = timedelta(minutes=1)  # then a queued job's message is taken for lost
MOST_ATTEMPTS = 3
MOST_AT_ONCE = 3  # of a kind, of one person: the queue is everybody's
COMMIT_LIMIT = timedelta(seconds=5)  # a job this young is being sent just now
LONGEST_LINE = 2000
DIED_EACH_TIME = "The worker process died each time. See the worker's log, then try again."


def create_job(
    *,
    kind: JobKind,
    arguments: dict[str, Any],
    created_by: User | None,
    campaign: Campaign | None = None,
    dedupe_key: str = "",
) -> Job:
    """Ask for long work; it is sent to its queue when the transaction commits.

    Raises:
        ConflictError: if an unfinished job has the same key, which is named in the details, or the
            person has several of the kind under way.
    """
    if created_by is not None:
        _check_share(kind, created_by)
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                arguments=arguments,
                created_by=created_by,
                campaign=campaign,
                dedupe_key=dedupe_key,
            )
            enqueue_job(job)
    except IntegrityError as error:
        same = Job.objects.filter(dedupe_key=dedupe_key, state__in=UNFINISHED).first()
        raise ConflictError(
            _("The same job is already queued or running. Wait for it or cancel it first."),
            job=str(same.public_id) if same else None,
        ) from error
    return job


def _check_share(kind: JobKind, person: User) -> None:
    under_way = Job.objects.filter(kind=kind, created_by=person, state__in=UNFINISHED).count()
    if under_way >= MOST_AT_ONCE:
        raise ConflictError(
            _("You have %(count)s such jobs queued or running. Wait for one, or cancel one.")
            % {"count": under_way}
        )


def claim_job(*, job_id: int, now: datetime) -> Job | None:
    """Take a queued job for this process; None if it is not there to be taken."""
    taken = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        claim=uuid.uuid4(),
        attempt=F("attempt") + 1,
        started_at=now,
        heartbeat_at=now,
        finished_at=None,
        error="",
    )
    return Job.objects.get(pk=job_id) if taken else None


def beat_job(*, job: Job, now: datetime) -> bool:
    """Say that the claimed job's process lives; False if the claim is lost."""
    return _held(job).update(heartbeat_at=now) == 1


def report_progress(*, job: Job, done: int, total: int, message: str, now: datetime) -> bool:
    """Write how far a claimed job is; False if the claim is lost."""
    changed = _held(job).update(done=done, total=total, message=message[:500], heartbeat_at=now)
    return changed == 1


def add_job_line(*, job: Job, text: str) -> None:
    """Append a line to the job's log."""
    JobLine.objects.create(job=job, text=text[:LONGEST_LINE])


def finish_job(*, job: Job, result: dict[str, Any], now: datetime) -> bool:
    """Record a claimed job's success; False if the claim is lost."""
    changed = _held(job).update(
        state=JobState.SUCCEEDED, result=result, finished_at=now, done=F("total")
    )
    return changed == 1


def fail_job(*, job: Job, error: str, now: datetime) -> bool:
    """Record a claimed job's failure in words; False if the claim is lost."""
    with transaction.atomic():
        changed = _held(job).update(state=JobState.FAILED, error=error, finished_at=now)
        if changed:
            end_products(jobs=[job.pk], state=BuildState.FAILED)
    return changed == 1


def mark_cancelled(*, job: Job, now: datetime) -> bool:
    """Record that a claimed job has stopped as asked; False if the claim is lost."""
    with transaction.atomic():
        changed = _held(job).update(state=JobState.CANCELLED, finished_at=now)
        if changed:
            end_products(jobs=[job.pk], state=BuildState.CANCELLED)
    return changed == 1


def request_cancel(*, job: Job, actor: User, now: datetime) -> None:
    """Ask an unfinished job to stop: a queued one ends at once, a running one soon.

    Raises:
        ConflictError: if the job has already ended.
    """
    with transaction.atomic():
        ended = Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
            state=JobState.CANCELLED, cancel_requested=True, finished_at=now
        )
        asked = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_requested=True)
        if not ended and not asked:
            raise ConflictError(_("This job has already ended."))
        if ended:
            end_products(jobs=[job.pk], state=BuildState.CANCELLED)
        _record(AuditVerb.CANCELLED, job, actor)


def retry_job(*, job: Job, actor: User | None) -> None:
    """Queue a failed or cancelled job again.

    Raises:
        ConflictError: if it is neither.
    """
    with transaction.atomic():
        changed = Job.objects.filter(
            pk=job.pk, state__in=(JobState.FAILED, JobState.CANCELLED)
        ).update(
            state=JobState.QUEUED,
            cancel_requested=False,
            attempt=0,
            error="",
            done=0,
            finished_at=None,
            claim=None,
            sent_at=None,
        )
        if not changed:
            raise ConflictError(_("Only a failed or cancelled job can be tried again."))
        reopen_products(jobs=[job.pk])
        _record(AuditVerb.RESUMED, job, actor)
        enqueue_job(job)


def sweep_jobs(*, now: datetime) -> int:
    """Send silent running jobs and forgotten queued jobs again; fail those tried too often.

    A job counts as silent when its process has not reported for half a minute: its worker was
    killed. A queued job counts as forgotten when it was never sent, because the broker was down,
    or a minute ago: its message may be lost. The claim by filtered UPDATE keeps a message sent
    twice from running twice.

    Returns:
        How many silent jobs were sent again.
    """
    silent = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now - SILENCE_LIMIT)
    revived = 0
    for job in list(silent):
        if job.cancel_requested:
            mark_cancelled(job=job, now=now)
        else:
            revived += release_job(job=job, error=DIED_EACH_TIME, now=now)
    _send_forgotten(now)
    return revived


def release_job(*, job: Job, error: str, now: datetime) -> bool:
    """Give a claimed job back to its queue; one that was tried too often fails with `error`."""
    if job.attempt >= MOST_ATTEMPTS:
        fail_job(job=job, error=error, now=now)
        return False
    with transaction.atomic():
        changed = _held(job).update(state=JobState.QUEUED, claim=None, sent_at=None)
        if changed:
            reopen_products(jobs=[job.pk])
            enqueue_job(job)
    return changed == 1


def _send_forgotten(now: datetime) -> None:
    unsent = Q(sent_at=None, created_at__lt=now - COMMIT_LIMIT)
    lost = Q(sent_at__lt=now - QUEUE_LIMIT)
    for job in Job.objects.filter(unsent | lost, state=JobState.QUEUED).order_by("pk"):
        if not send_job(job):
            return


def _record(verb: AuditVerb, job: Job, actor: User | None) -> None:
    record_event(
        actor=actor,
        verb=verb,
        object_type="job",
        object_id=job.pk,
        campaign=job.campaign,
        data={"kind": job.kind},
    )


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, claim=job.claim, state=JobState.RUNNING)
