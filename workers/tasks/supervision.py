"""Long jobs in a supervised child process: a crash or a full memory ends the child alone."""

import logging
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from annotation_app.enums import JobKind
from annotation_app.exceptions import AnnotationError, JobCancelledError, JobLostError
from annotation_app.models import Job
from annotation_app.services.job_reports import JobReporter
from annotation_app.services.jobs import beat_job, claim_job, fail_job, finish_job, mark_cancelled
from modeling.following import end_with_parent

logger = logging.getLogger(__name__)

Runner = Callable[[Job, JobReporter], dict[str, Any]]

LOOK_EVERY = 0.25  # seconds between two looks at the child
BEAT_EVERY = 5.0  # seconds between two heartbeats
STOP_GRACE = 60.0  # seconds a child gets to stop by itself after a cancel
# What everybody reads; where it broke, and with which words, stands in the log for operators.
UNEXPECTED = (
    "An error that was not foreseen ended this job. Try again; if it ends so once more, ask the "
    "operator of the site, who can read the reason in the job's log."
)
# NumPy's matrices are small here: one thread is four times as fast as one per core (the facet
# model), and twenty times on a busy machine. Torch has threads of its own.
CHILD_DEFAULTS = {"OPENBLAS_NUM_THREADS": "1"}


def supervise(job_id: int, child_module: str) -> None:
    """Claim a job, run it in a child process and see that it ends.

    A second message for the same job finds nothing to claim and returns.
    """
    job = claim_job(job_id=job_id, now=timezone.now())
    if job is None:
        logger.info("job %s is not there to be claimed", job_id)
        return
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
        [sys.executable, "-m", child_module, str(job.pk)], env=CHILD_DEFAULTS | os.environ
    )
    try:
        _watch(job, child)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    if child.returncode != 0:
        fail_job(job=job, error=_death_notice(child.returncode), now=timezone.now())


def _watch(job: Job, child: "subprocess.Popen[bytes]") -> None:
    """Beat for the child until it ends; end it when its claim is lost or it ignores a cancel."""
    next_beat = time.monotonic()
    stop_at: float | None = None
    while child.poll() is None:
        now = time.monotonic()
        if now >= next_beat:
            next_beat = now + BEAT_EVERY
            if not beat_job(job=job, now=timezone.now()) and child.poll() is None:
                _allow_end(child)
                return
            if stop_at is None and Job.objects.filter(pk=job.pk, cancel_requested=True).exists():
                stop_at = now + STOP_GRACE
        if stop_at is not None and now > stop_at:
            child.kill()
            child.wait()
            mark_cancelled(job=job, now=timezone.now())
            return
        time.sleep(LOOK_EVERY)


def _allow_end(child: "subprocess.Popen[bytes]") -> None:
    """Give a child whose job has ended, or was taken over, a moment to leave."""
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _death_notice(code: int) -> str:
    if code < 0:
        return (
            f"The process was ended by signal {-code}. If memory ran out, "
            "choose a smaller batch or fewer items, then try again."
        )
    return f"The process ended with exit status {code}. The worker's log says more."


def run_claimed(job_id: int, runners: Mapping[JobKind, Runner]) -> int:
    """In the child: run the claimed job and record how it ended.

    Returns:
        The exit status for the process: 0 whenever the end has been recorded.
    """
    end_with_parent()  # a killed worker leaves nothing running
    perform(job_id, runners)
    return 0


def perform(job_id: int, runners: Mapping[JobKind, Runner]) -> None:
    """Run a claimed job in this process and record how it ended."""
    job = Job.objects.select_related("campaign", "created_by").get(pk=job_id)
    reporter = JobReporter(job)
    try:
        result = runners[JobKind(job.kind)](job, reporter)
    except JobLostError:
        return
    except JobCancelledError:
        mark_cancelled(job=job, now=timezone.now())
    except AnnotationError as error:
        fail_job(job=job, error=error.message, now=timezone.now())
    except Exception:
        logger.exception("job %s failed", job_id)
        for line in traceback.format_exc().splitlines():
            reporter.log(line)
        fail_job(job=job, error=UNEXPECTED, now=timezone.now())
    else:
        finish_job(job=job, result=result, now=timezone.now())
