"""Jobs run to their ends in this process, by the runners that the workers' children use."""

from typing import Any

from django.utils import timezone

from annotation_app.enums import JobKind, JobState
from annotation_app.models import Campaign, Job, User
from annotation_app.services.jobs.lifecycle import claim_job, create_job, request_cancel
from workers.tasks import job_child, model_child
from workers.tasks.supervision import Runner, perform

RUNNERS: dict[JobKind, Runner] = {**job_child.RUNNERS, **model_child.RUNNERS}
NOWHERE = {"campaign", "collection", "dataset", "benchmark", "model", "report", "run", "world"}


def run_job(job: Job | None) -> Job:
    """Claim a job and see it to its end, whatever that is."""
    assert job is not None
    claimed = claim_job(job_id=job.pk, now=timezone.now())
    assert claimed is not None, f"{job} was not there to be claimed"
    perform(claimed.pk, RUNNERS)
    job.refresh_from_db()
    return job


def succeed(job: Job | None) -> Job:
    """Run a job that must succeed."""
    ended = run_job(job)
    lines = "\n".join(ended.lines.values_list("text", flat=True))
    assert ended.state == JobState.SUCCEEDED, f"{ended}: {ended.error}\n{lines}"
    return ended


def cancel(job: Job | None, actor: User) -> Job:
    """Stop a job while it runs."""
    assert job is not None
    claimed = claim_job(job_id=job.pk, now=timezone.now())
    assert claimed is not None
    request_cancel(job=claimed, actor=actor, now=timezone.now())
    perform(claimed.pk, RUNNERS)
    job.refresh_from_db()
    return job


def fail_and_cancel_every_kind(campaign: Campaign, actor: User) -> None:
    """Of every kind a job that fails, for its subject is gone, one cancelled and one queued."""
    for kind in JobKind:
        gone: dict[str, Any] = dict.fromkeys(NOWHERE, 0) | {"dry_run": False}
        failed = run_job(create_job(kind=kind, arguments=gone, created_by=actor, campaign=campaign))
        assert failed.state == JobState.FAILED, failed
        stopped = create_job(kind=kind, arguments=gone, created_by=actor, campaign=campaign)
        request_cancel(job=stopped, actor=actor, now=timezone.now())
        create_job(kind=kind, arguments=gone, created_by=None, campaign=campaign)
