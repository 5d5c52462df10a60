"""Keeps the site's processes and its private services running, and says what it did."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import psutil

from serving.child import Child, Report
from serving.journal import Journal

LOOK_SECONDS = 0.2
SERVICE_SECONDS = 1.0
HOPELESS = 4  # short lives in a row before the first answer: its setting is wrong, not its luck

Revive = Callable[[], Sequence[str]]


class Supervisor:
    """Starts children, monitors them on a separate thread, and ends them in order.

    Args:
        commands: shell command by name.
        journal: where they and the supervisor write.
        state: the file from which pages read what was restarted.
        revive: starts private services that are down and returns their names; it runs on a second
            thread, because PostgreSQL may take seconds to recover.
    """

    def __init__(
        self,
        commands: Mapping[str, str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        journal: Journal,
        state: Path,
        revive: Revive | None = None,
    ) -> None:
        self._children = [
            Child(name, command, folder=folder, environment=environment)
            for name, command in commands.items()
        ]
        self._journal = journal
        self._state = state
        self._revive = revive
        self._services: dict[str, Report] = {}
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start every process and begin to look after them."""
        for child in self._children:
            child.start(self._journal)
        self._tell()
        loops = [self._keep_children, *([self._keep_services] if self._revive else [])]
        self._threads = [threading.Thread(target=loop, daemon=True) for loop in loops]
        for thread in self._threads:
            thread.start()

    def hopeless(self) -> str | None:
        """The name of a process that ends soon after each start, if there is one."""
        names = [child.name for child in self._children if child.short_lives >= HOPELESS]
        return names[0] if names else None

    def stop(self, *, grace: float) -> None:
        """Ask every process to end, wait `grace` seconds in all, then end the rest by force."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=grace)
        for child in self._children:
            child.ask_to_end()
        until = time.monotonic() + grace
        for child in self._children:
            child.end(until=until)
        self._state.unlink(missing_ok=True)

    def _keep_children(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            # Each one is looked at, whatever happened to the one before.
            if any([child.look(self._journal) for child in self._children]):  # noqa: C419
                self._tell()

    def _keep_services(self) -> None:
        while not self._stopping.wait(SERVICE_SECONDS):
            try:
                revived = self._revive() if self._revive else ()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next try may succeed
                self._journal.write("supervisor", f"a private service did not start: {error}")
                continue
            for name in revived:
                self._note_service(name)
            if revived:
                self._tell()

    def _note_service(self, name: str) -> None:
        before = self._services.get(name)
        restarts = before.restarts + 1 if before else 1
        self._services[name] = Report(name, None, time.time(), restarts, "was down")
        self._journal.write("supervisor", f"{name} was down; started it again (restart {restarts})")

    def _tell(self) -> None:
        own = psutil.Process()
        reports = [child.report() for child in self._children]
        state = {
            "pid": own.pid,
            "created": own.create_time(),
            "processes": [asdict(one) for one in (*reports, *self._services.values())],
        }
        with contextlib.suppress(OSError):  # a full disk: pages show an older state
            fresh = self._state.with_suffix(".new")
            fresh.write_text(json.dumps(state))
            fresh.replace(self._state)
