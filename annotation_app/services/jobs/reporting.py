"""How a running job speaks: progress, log lines, and whether it should stop."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from django.db import connection
from django.utils import timezone

from annotation_app.exceptions import JobCancelledError, JobLostError
from annotation_app.models import Job
from annotation_app.services.jobs.lifecycle import add_job_line, report_progress

SHORTEST_PAUSE = 0.4  # seconds between two writes: often enough for readers, cheap for the database


class JobReporter:
    """Writes a claimed job's progress, sparingly, and stops it when it is asked to stop.

    Called like any progress function, so that a service which knows no jobs can report to it.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._last_write = 0.0
        self._stop = False

    def __call__(self, done: int, total: int, message: str) -> None:
        """Report `done` of `total` steps (0: unknown) and what is happening now.

        Raises:
            JobCancelledError: if someone asked the job to stop.
            JobLostError: if another process has claimed the job.
        """
        now = time.monotonic()
        if now - self._last_write < SHORTEST_PAUSE and done != total:
            return
        self._last_write = now
        held = report_progress(
            job=self._job, done=done, total=total, message=message, now=timezone.now()
        )
        if not held:
            raise JobLostError("Another process has taken this job over.")
        if self.should_stop():
            raise JobCancelledError("Stopped as asked.")

    def log(self, text: str) -> None:
        """Keep a line for the job's page."""
        add_job_line(job=self._job, text=text)

    def should_stop(self) -> bool:
        """Whether someone asked the job to stop."""
        if not self._stop:
            self._stop = Job.objects.values_list("cancel_requested", flat=True).get(pk=self._job.pk)
        return self._stop


class ElsewhereProgress:
    """Calls a progress function on a separate thread with a separate database connection.

    Inside a long transaction the job's reports would be invisible to others, its row would stay
    locked against its supervisor, and a request to stop would not be seen. An instance is both the
    context manager and the function.
    """

    def __init__(self, progress: Callable[[int, int, str], None]) -> None:
        self._progress = progress
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="progress")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.submit(_close_own_connection).result()
        self._thread.shutdown()

    def __call__(self, done: int, total: int, message: str) -> None:
        """Report, and wait until it is reported.

        Raises:
            JobCancelledError: if someone asked the job to stop.
            JobLostError: if another process has claimed the job.
        """
        self._thread.submit(self._progress, done, total, message).result()


def _close_own_connection() -> None:
    connection.close()  # looked up here: each thread has its own
