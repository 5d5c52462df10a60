"""A real Celery worker in a process of its own, on the test's database and broker."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from django.db import connection

from annotation_app.models import Job
from annotation_app.services.jobs.lifecycle import UNFINISHED

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 240  # seconds for any one thing, on a busy machine


class Worker:
    """Starts, kills and waits for one worker that serves all queues."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", "workers.celery_app", "worker"]
        options = ["--queues", "default,model,upkeep", "--concurrency", "1", "--loglevel", "INFO"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *options],
                cwd=CHECKOUT,
                env={**os.environ, "DATABASE_URL": database_url()},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End the worker and its pool at once, as a crash of the machine's memory would."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def kill_pool(self) -> None:
        """End the worker's pool processes, but not the worker, as a full memory often does."""
        assert self._process is not None
        for child in psutil.Process(self._process.pid).children():
            child.kill()

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()

    def wait_until(self, job: Job, reached) -> Job:
        """The job once `reached(job)` is true; fails with the worker's log otherwise."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            job.refresh_from_db()
            if reached(job):
                return job
            time.sleep(0.1)
        pytest.fail(f"{job} did not get there: {job.error}\n{self._log.read_text()[-3000:]}")

    def wait(self, job: Job) -> Job:
        """The job once it has ended."""
        return self.wait_until(job, lambda job: job.state not in UNFINISHED)


def database_url() -> str:
    """The address of the database that this test uses."""
    settings = connection.settings_dict
    host = settings["HOST"] or settings["OPTIONS"].get("host", "")
    user = quote(settings["USER"] or "", safe="")
    password = f":{quote(settings['PASSWORD'], safe='')}" if settings["PASSWORD"] else ""
    port = f"&port={settings['PORT']}" if settings["PORT"] else ""
    return f"postgresql://{user}{password}@/{settings['NAME']}?host={host}{port}"
