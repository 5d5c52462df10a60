"""The running site: its supervised processes, the command that builds the demo, the common end."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from serving.journal import Journal
from serving.leftovers import MARK, end_processes, marked_processes
from serving.port import HOST, answers
from serving.procfile import read_procfile
from serving.supervisor import Revive, Supervisor

CHECKOUT = Path(__file__).resolve().parents[2]
DATA_ROOT = Path(os.environ["DATA_ROOT"]).resolve()
RUN = DATA_ROOT / "run"
LOG = DATA_ROOT / "log" / "site.log"
STATE = RUN / "site.json"
REPORT = RUN / "supervisor.json"  # what the health page reads
START_SECONDS = 120.0
STOP_GRACE = 8.0


class SiteError(Exception):
    """The site does not come up or does not stay up; the message says what to look at."""


class Site:
    """web, workers and beat under a supervisor; start it, build what it shows, wait, stop."""

    def __init__(self, port: int, *, revive: Revive) -> None:
        self.port = port
        self.url = f"http://{HOST}:{port}/"
        self._revive = revive
        self._supervisor: Supervisor | None = None
        # Links in mail begin with SITE_URL: the operator's, else where this site is served.
        self._environment = {
            **os.environ,
            MARK: str(DATA_ROOT),
            "PYTHONUNBUFFERED": "1",
            "SITE_URL": os.environ.get("SITE_URL") or self.url.rstrip("/"),
        }

    @property
    def links(self) -> str:
        """What links in mail begin with."""
        return self._environment["SITE_URL"]

    def start(self) -> None:
        """Starts every process and waits until the site answers.

        Raises:
            SiteError: one of them ends again and again, or the site does not answer in time.
        """
        for folder in (RUN, LOG.parent):
            folder.mkdir(parents=True, exist_ok=True)
        self._supervisor = Supervisor(
            read_procfile(CHECKOUT / "script" / "Procfile"),
            folder=CHECKOUT,
            environment={**self._environment, "PORT": str(self.port)},
            journal=Journal(LOG),
            state=REPORT,
            revive=self._revive,
        )
        self._supervisor.start()
        write_state(self.url)
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.port):
            self._check_start()
            if time.monotonic() > deadline:
                message = f"the site is not responding at {self.url}; see {LOG}"
                raise SiteError(message)
            time.sleep(0.2)

    def _check_start(self) -> None:
        """Raises SiteError if a process cannot be started, however often."""
        name = self._supervisor.hopeless() if self._supervisor else None
        if name is not None:
            tail = "\n".join(LOG.read_text(errors="replace").splitlines()[-25:])
            message = f"{name} keeps stopping; the end of {LOG}:\n{tail}"
            raise SiteError(message)

    def run_command(self, *arguments: str) -> None:
        """Runs a management command next to the site, its output on our own.

        Raises:
            SiteError: the command failed.
        """
        command = [sys.executable, str(CHECKOUT / "manage.py"), *arguments]
        done = subprocess.run(command, cwd=CHECKOUT, env=self._environment, check=False)
        if done.returncode != 0:
            message = f"manage.py {' '.join(arguments)} failed; the site's log is {LOG}"
            raise SiteError(message)

    def wait(self) -> None:
        """Serves until a signal interrupts: what ends is started again meanwhile."""
        while True:
            time.sleep(0.5)

    def stop(self) -> None:
        """Ends the processes and theirs."""
        if self._supervisor is not None:
            self._supervisor.stop(grace=STOP_GRACE)
        end_leftovers()
        STATE.unlink(missing_ok=True)


def end_leftovers() -> None:
    """Ends what is left of this site when its supervisor was killed."""
    end_processes(marked_processes(str(DATA_ROOT)), grace=STOP_GRACE)


def write_state(url: str) -> None:
    """Records who serves where, for a second script/demo."""
    own = psutil.Process()
    STATE.write_text(json.dumps({"pid": own.pid, "created": own.create_time(), "url": url}))


def running_url() -> str | None:
    """Where this site is being served right now, or None."""
    try:
        state = json.loads(STATE.read_text())
        alive = psutil.Process(state["pid"]).create_time() == state["created"]
        return str(state["url"]) if alive else None
    except (FileNotFoundError, ValueError, KeyError, psutil.NoSuchProcess):
        return None
