"""One process of the site: started, looked at, and started again after a pause that grows."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from serving.journal import Journal

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds before a process is started again
STEADY_SECONDS = 30.0  # one that lived so long had no trouble starting


@dataclass(frozen=True)
class Report:
    """The report on a process: its pid while it runs, its start (Unix time), restarts so far."""

    name: str
    pid: int | None
    since: float | None
    restarts: int
    last_end: str


class Child:
    """A shell command that is kept running, in a new session with everything it starts."""

    def __init__(
        self, name: str, command: str, *, folder: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self.restarts = 0
        self.last_end = ""
        self._command = command
        self._folder = folder
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._since = 0.0
        self._began = 0.0
        self._short_lives = 0
        self._start_at = 0.0

    @property
    def short_lives(self) -> int:
        """How often in a row it has ended soon after its start."""
        return self._short_lives

    def start(self, journal: Journal) -> None:
        """Start it; a start that the machine refuses counts as an end."""
        try:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", self._command],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends them
            )
        except OSError as error:
            self._plan(journal, f"did not start: {error}")
            return
        self._since, self._began = time.time(), time.monotonic()
        if self._process.stdout is not None:
            journal.follow(self.name, self._process.stdout)

    def look(self, journal: Journal) -> bool:
        """Start it again where that is due; whether anything is to be reported."""
        if self._process is None:
            if time.monotonic() < self._start_at:
                return False
            self.restarts += 1
            self.start(journal)
            return True
        if self._process.poll() is None:
            return False
        how = _how(self._process.returncode)
        self._end_group(signal.SIGKILL)  # its children must not keep its port or its jobs
        self._process = None
        self._plan(journal, how)
        return True

    def ask_to_end(self) -> None:
        """Send SIGTERM; what is behind it ends in its own order."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()

    def end(self, *, until: float) -> None:
        """Wait until `until` (monotonic seconds), then end by force what is left of it."""
        if self._process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=max(0.0, until - time.monotonic()))
        self._end_group(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def report(self) -> Report:
        """The process's current state."""
        process = self._process
        return Report(
            name=self.name,
            pid=process.pid if process else None,
            since=self._since if process else None,
            restarts=self.restarts,
            last_end=self.last_end,
        )

    def _plan(self, journal: Journal, how: str) -> None:
        lived = time.monotonic() - self._began if self._began else 0.0
        self._short_lives = 1 if lived >= STEADY_SECONDS else self._short_lives + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self._short_lives - 1))
        self._start_at = time.monotonic() + pause
        self.last_end = how
        journal.write(
            "supervisor",
            f"{self.name} {how} after {lived:.0f} s; starting it again in {pause:g} s "
            f"(restart {self.restarts + 1})",
        )

    def _end_group(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)


def _how(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
        return f"was ended by signal {-code}"
    return f"ended with exit status {code}"
