"""A queued light job run in this process, with the runner that its child process would call."""

from django.utils import timezone

from annotation_app.enums import JobKind
from annotation_app.exceptions import AnnotationError
from annotation_app.models import Job
from annotation_app.services.jobs.lifecycle import claim_job, fail_job, finish_job
from annotation_app.services.jobs.reporting import JobReporter
from workers.tasks.job_child import RUNNERS


def run_here(job: Job) -> Job:
    """Claim a job, run it to its end and record how it ended."""
    claimed = claim_job(job_id=job.pk, now=timezone.now())
    assert claimed is not None
    try:
        result = RUNNERS[JobKind(job.kind)](claimed, JobReporter(claimed))
    except AnnotationError as error:
        fail_job(job=claimed, error=error.message, now=timezone.now())
    else:
        finish_job(job=claimed, result=result, now=timezone.now())
    job.refresh_from_db()
    return job
