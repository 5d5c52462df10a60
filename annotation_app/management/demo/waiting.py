"""Waiting for a job with a progress bar."""

import time

from django.core.management.base import CommandError
from tqdm import tqdm

from annotation_app.enums import JobState
from annotation_app.models import Job
from annotation_app.services.jobs.lifecycle import UNFINISHED, retry_job

LOOK_EVERY = 0.3  # seconds


def finish(job: Job | None, label: str) -> None:
    """See an earlier or a fresh job to its end; what was interrupted is tried again.

    Raises:
        CommandError: if it fails again.
    """
    if job is None or job.state == JobState.SUCCEEDED:
        return
    if job.state in (JobState.FAILED, JobState.CANCELLED):
        retry_job(job=job, actor=None)
    wait_for(job, label)


def wait_for(job: Job, label: str) -> Job:
    """Show a job's progress until it ends.

    Raises:
        CommandError: if it failed or was cancelled.
    """
    with tqdm(desc=label, total=job.total or None, leave=True) as bar:
        while True:
            job.refresh_from_db()
            bar.total = job.total or None
            bar.n = job.done
            bar.set_postfix_str(job.message[:40], refresh=False)
            bar.refresh()
            if job.state not in UNFINISHED:
                break
            time.sleep(LOOK_EVERY)
    if job.state != JobState.SUCCEEDED:
        raise CommandError(f"{label}: {job.state}. {job.error}")
    return job
