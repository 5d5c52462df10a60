"""Long jobs in a supervised child process: a crash or a full memory ends the child alone."""

import errno
import logging
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from annotation_app.enums import JobKind
from annotation_app.exceptions import AnnotationError, JobCancelledError, JobLostError
from annotation_app.models import Job
from annotation_app.services.jobs.lifecycle import (
    beat_job,
    claim_job,
    fail_job,
    finish_job,
    mark_cancelled,
    release_job,
)
from annotation_app.services.jobs.reporting import JobReporter
from modeling.following import end_with_parent

logger = logging.getLogger(__name__)

Runner = Callable[[Job, JobReporter], dict[str, Any]]

LOOK_EVERY = 0.25  # seconds between two looks at the child
BEAT_EVERY = 5.0  # seconds between two heartbeats
STOP_GRACE = 60.0  # seconds a child gets to stop by itself after a cancel
# The message for everyone; where it broke, and the error, are in the log for operators.
UNEXPECTED = (
    "An unexpected error ended this job. Try again; if it fails once more, ask the "
    "operator of the site, who can read the reason in the job's log."
)
# The database went away: not the job's fault, so it is run again (sysexits' EX_TEMPFAIL).
DATABASE_GONE = (OperationalError, InterfaceError)
LOST_DATABASE = 75
NO_DATABASE = "The database could not be reached at any attempt. Try again."
FULL = (errno.ENOSPC, errno.EDQUOT)
NO_ROOM = "The server's disk is full. Free some space, or ask the operator to, then try again."
BACK_SECONDS = 20.0  # to wait for the database before the sweep has to find the job
# NumPy's matrices are small here: one thread is four times as fast as one per core (the facet
# model), and twenty times on a busy machine. Torch manages its threads separately.
CHILD_DEFAULTS = {"OPENBLAS_NUM_THREADS": "1"}
NOTHING_MORE: Mapping[str, str] = {}


def supervise(
    job_id: int, child_module: str, environment: Mapping[str, str] = NOTHING_MORE
) -> None:
    """Claim a job, run it in a child process and see that it ends.

    A second message for the same job cannot claim it and returns. `environment` is added to the
    worker's environment for the child.
    """
    job = claim_job(job_id=job_id, now=timezone.now())
    if job is None:
        logger.info("job %s is not there to be claimed", job_id)
        return
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
        [sys.executable, "-m", child_module, str(job.pk)],
        env={**CHILD_DEFAULTS, **os.environ, **environment},
    )
    try:
        _watch(job, child)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    if child.returncode == LOST_DATABASE:
        _once_it_is_back(lambda: release_job(job=job, error=NO_DATABASE, now=timezone.now()))
    elif child.returncode != 0:
        notice = _death_notice(child.returncode)
        _once_it_is_back(lambda: fail_job(job=job, error=notice, now=timezone.now()))


def _once_it_is_back(record: Callable[[], object]) -> None:
    """Record something, waiting for the database for a while; the sweep finds what was not."""
    until = time.monotonic() + BACK_SECONDS
    while True:
        try:
            record()
        except DATABASE_GONE:
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(1)
        else:
            return


def _watch(job: Job, child: "subprocess.Popen[bytes]") -> None:
    """Beat for the child until it ends; end it when its claim is lost or it ignores a cancel."""
    next_beat = time.monotonic()
    stop_at: float | None = None
    while child.poll() is None:
        now = time.monotonic()
        if now >= next_beat:
            next_beat = now + BEAT_EVERY
            held, asked_to_stop = _beat(job)
            if not held and child.poll() is None:
                _allow_end(child)
                return
            if stop_at is None and asked_to_stop:
                stop_at = now + STOP_GRACE
        if stop_at is not None and now > stop_at:
            child.kill()
            child.wait()
            mark_cancelled(job=job, now=timezone.now())
            return
        time.sleep(LOOK_EVERY)


def _beat(job: Job) -> tuple[bool, bool]:
    """Whether the claim is still valid, and whether the job was asked to stop.

    While the database does not answer, both are assumed unchanged.
    """
    try:
        held = beat_job(job=job, now=timezone.now())
        return held, Job.objects.filter(pk=job.pk, cancel_requested=True).exists()
    except DATABASE_GONE:
        connection.close()
        return True, False


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
        The exit status for the process: 0 whenever the end has been recorded, LOST_DATABASE if it
        could not be, or the job could not continue, because the database went away.
    """
    end_with_parent()  # a killed worker leaves no child running
    try:
        perform(job_id, runners)
    except DATABASE_GONE:
        logger.exception("job %s lost the database", job_id)
        return LOST_DATABASE
    return 0


def perform(job_id: int, runners: Mapping[JobKind, Runner]) -> None:
    """Run a claimed job in this process and record how it ended.

    Raises:
        OperationalError: the database went away, and with it the way to record anything.
    """
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
    except DATABASE_GONE:
        raise
    except Exception as error:
        logger.exception("job %s failed", job_id)
        for line in traceback.format_exc().splitlines():
            reporter.log(line)
        fail_job(job=job, error=_words(error), now=timezone.now())
    else:
        finish_job(job=job, result=result, now=timezone.now())


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in FULL:
        return NO_ROOM
    if isinstance(error, FileNotFoundError) and error.filename:
        name = Path(error.filename).name
        return f"The file {name} is missing. Restore it from a backup, then try again."
    return UNEXPECTED
