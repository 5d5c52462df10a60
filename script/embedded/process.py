"""Starting a server away from its parent, and ending it; used by postgres and redis_server."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from embedded.account import Account

POLL_SECONDS = 0.05


class ServiceError(Exception):
    """A private service cannot be started or stopped; the message says what to look at."""


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Starts a server in a new session: neither Ctrl-C nor a killed parent ends it."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )


def wait_until(ready: Callable[[], bool], *, seconds: float) -> bool:
    """Polls `ready` for at most `seconds`; returns its last answer."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def find_process(pid: int) -> psutil.Process | None:
    """The live process with this pid, or None; a zombie counts as gone."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process
    except psutil.NoSuchProcess:
        return None


def end_process(
    process: psutil.Process, *, signals: Sequence[tuple[signal.Signals, float]]
) -> None:
    """Sends each signal in turn and waits its seconds, until the process is gone.

    Raises:
        ServiceError: it outlived every signal.
    """
    for number, seconds in signals:
        try:
            process.send_signal(number)
            process.wait(timeout=seconds)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue
        return
    message = f"process {process.pid} does not end"
    raise ServiceError(message)


def log_tail(log: Path, *, lines: int = 15) -> str:
    """The last lines of a server's log, for an error message."""
    if not log.exists():
        return "(no log)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
