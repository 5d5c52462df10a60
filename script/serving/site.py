"""The running site: honcho's processes, the command that builds the demo, and their common end."""

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from serving.leftovers import MARK, end_processes, marked_processes
from serving.port import HOST, answers

CHECKOUT = Path(__file__).resolve().parents[2]
DATA_ROOT = Path(os.environ["DATA_ROOT"]).resolve()
RUN = DATA_ROOT / "run"
LOG = DATA_ROOT / "log" / "site.log"
STATE = RUN / "site.json"
START_SECONDS = 120.0
STOP_GRACE = 15.0


class SiteError(Exception):
    """The site does not come up or does not stay up; the message says what to look at."""


class Site:
    """web, workers and beat under honcho; start it, build what it shows, wait, stop."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://{HOST}:{port}/"
        self._honcho: subprocess.Popen[bytes] | None = None
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
            SiteError: one of them ended, or the site does not answer in time.
        """
        for folder in (RUN, LOG.parent):
            folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "honcho", "-e", os.devnull, "-d", str(CHECKOUT)]
        with LOG.open("ab") as log:
            self._honcho = subprocess.Popen(
                [*command, "-f", str(CHECKOUT / "script" / "Procfile"), "start"],
                cwd=CHECKOUT,
                env={**self._environment, "PORT": str(self.port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone; we end them in order
            )
        write_state(self.url)
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.port):
            self.check()
            if time.monotonic() > deadline:
                message = f"the site does not answer at {self.url}; see {LOG}"
                raise SiteError(message)
            time.sleep(0.2)

    def check(self) -> None:
        """Raises SiteError if honcho, and with it the site, has ended."""
        if self._honcho is None or self._honcho.poll() is not None:
            tail = "\n".join(LOG.read_text(errors="replace").splitlines()[-25:])
            message = f"the site stopped; the end of {LOG}:\n{tail}"
            raise SiteError(message)

    def run_command(self, *arguments: str) -> None:
        """Runs a management command beside the site, its output on our own.

        Raises:
            SiteError: the command failed, or the site ended under it.
        """
        command = [sys.executable, str(CHECKOUT / "manage.py"), *arguments]
        with subprocess.Popen(command, cwd=CHECKOUT, env=self._environment) as process:
            while process.poll() is None:
                try:
                    self.check()
                except SiteError:
                    process.terminate()
                    raise
                time.sleep(0.1)
        if process.returncode != 0:
            message = f"manage.py {' '.join(arguments)} failed; the site's log is {LOG}"
            raise SiteError(message)

    def wait(self) -> None:
        """Serves until the site ends (SiteError) or a signal interrupts."""
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """Ends honcho, its processes and theirs."""
        if self._honcho is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                end_processes([psutil.Process(self._honcho.pid)], grace=STOP_GRACE)
            self._honcho.wait()
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
