"""Finding and ending every process of the site, also those whose parent was killed."""

import os
from collections.abc import Callable, Sequence

import psutil

MARK = "EDITJURY_SITE"


def marked_processes(site: str) -> list[psutil.Process]:
    """The processes that inherited this site's mark in their environment, but for our own."""
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid not in own and process.environ().get(MARK) == site:
                found.append(process)
        except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess, OSError):
            continue
    return found


def end_processes(processes: Sequence[psutil.Process], *, grace: float) -> None:
    """Asks each process to end, waits `grace` seconds in all, then kills the rest."""
    for process in processes:
        _quietly(process.terminate)
    _, alive = psutil.wait_procs(processes, timeout=grace)
    for process in alive:
        _quietly(process.kill)
    psutil.wait_procs(alive, timeout=5)


def _quietly(action: Callable[[], None]) -> None:
    try:
        action()
    except psutil.NoSuchProcess:
        return
