"""Ends processes of a site with signal 9 and waits until everything is back by itself."""

import contextlib
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil
import psycopg

from benchmarks.outages.clients import NotAnsweredError, Person
from benchmarks.outages.own_site import OwnSite

SUPERVISED = ("web", "worker-cpu", "worker-upkeep", "worker-model", "beat")
POOLS = ("web", "worker-cpu", "worker-upkeep")
SERVICES = ("redis", "postgres")
JOB = "a job's process"
JOB_MODULE = "workers.tasks.job_child"
EVERYTHING = (*SUPERVISED, *(f"a child of {name}" for name in POOLS), *SERVICES, JOB)
LONGEST_WAIT = 90.0  # seconds; then it counts as not coming back
ROUND = "SELECT max(ended_at) FROM annotation_app_upkeeprun WHERE name = 'editjury.sweep_jobs'"


@dataclass(frozen=True)
class Kill:
    """One kill: what, and the seconds until pages, processes and regular work were back."""

    what: str
    seconds: float


class Killer:
    """Kills in one site; `admin` looks at the health page."""

    def __init__(self, site: OwnSite, admin: Person, rng: random.Random) -> None:
        self._site = site
        self._admin = admin
        self._rng = rng

    def kill(self, what: str) -> Kill | None:
        """Kill it and wait until everything is back; None if there is no such process."""
        pid = self._find(what)
        if pid is None:
            return None
        readies = self._readies(what)
        before = datetime.now(UTC)
        began = time.monotonic()
        psutil.Process(pid).kill()
        while time.monotonic() - began < LONGEST_WAIT:
            is_worker = what.startswith("worker-")
            if self._is_back(before) and (not is_worker or self._readies(what) > readies):
                break
            time.sleep(0.25)
        return Kill(what, round(time.monotonic() - began, 1))

    def _find(self, what: str) -> int | None:
        if what in SERVICES:
            return self._site.services().get(what)
        if what == JOB:
            found = [
                one.pid for one in self._site.process.children(recursive=True) if _runs_job(one)
            ]
            return found[0] if found else None
        pid = self._site.processes()[what.removeprefix("a child of ")]["pid"]
        if what in SUPERVISED or pid is None:
            return int(pid) if pid else None
        return self._rng.choice([child.pid for child in psutil.Process(pid).children()] or [None])

    def _readies(self, name: str) -> int:
        """How often a worker has reported that it is ready."""
        lines = self._site.log().splitlines()
        return sum(name in line and line.endswith(" ready.") for line in lines)

    def _is_back(self, before: datetime) -> bool:
        checks: Sequence[Callable[[], bool]] = (
            self._processes_run,
            self._pages_answer,
            lambda: self._regular_work_since(before),
        )
        with contextlib.suppress(OSError, ValueError, KeyError, psycopg.Error, psutil.Error):
            return all(check() for check in checks)
        return False

    def _processes_run(self) -> bool:
        said = self._site.processes()
        return all(said[name]["pid"] and _lives(said[name]["pid"]) for name in SUPERVISED)

    def _pages_answer(self) -> bool:
        try:
            status, page = self._admin.ask("GET", "/health/")
        except NotAnsweredError:
            return False
        return status == 200 and "not responding" not in page

    def _regular_work_since(self, before: datetime) -> bool:
        """Whether beat, Redis, the upkeep worker and PostgreSQL together have done a round."""
        with psycopg.connect(self._site.environment["DATABASE_URL"], connect_timeout=5) as database:
            row = database.execute(ROUND).fetchone()
        return row is not None and row[0] is not None and row[0] > before


def _lives(pid: int) -> bool:
    return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def _runs_job(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return JOB_MODULE in process.cmdline()
    return False
