"""One command in several processes of this machine, without torchrun."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess, SpawnProcess
from typing import NamedTuple

import torch
from torch import distributed
from torch.distributed import TCPStore  # type: ignore[attr-defined]  # torch builds its list

from modeling.following import end_with_parent

Tell = Callable[[str], object]
_HOST = "127.0.0.1"
_BY_SIGNAL = 128  # what shells add to the number of the signal that ended a command
_GRACE = 5.0  # seconds to end in, once another process has failed or the user has had enough
_LONGEST = 20_000  # characters of a note; less than fits into a pipe


class Failure(NamedTuple):
    """How a process failed: when (seconds of one clock for all), its status, what it has to say."""

    when: float
    status: int
    text: str


@dataclass(frozen=True, slots=True)
class _Member:
    """A process, and the pipe through which it says why it fails."""

    process: ForkProcess | SpawnProcess
    notes: Connection

    def failure(self) -> Failure | None:
        """The failure that an ended process reported, if any."""
        try:
            return self.notes.recv() if self.notes.poll() else None
        except EOFError:
            return None


def run_processes(count: int, run: Callable[[Tell], int], *, fork: bool) -> int:
    """Run in ``count`` connected processes; returns the status of the first to fail.

    When one fails, the others fail with it: only the first failure is reported.

    Args:
        count: how many processes.
        run: the command; it passes its messages to its argument, and returns a status.
        fork: fork this process where the system can, so that its imports are loaded once; only
            before it has computed with torch, the threads of which are not copied.

    Raises:
        KeyboardInterrupt: the user interrupted; no process is left.
    """
    listener = socket.create_server((_HOST, 0))  # reached from this machine alone
    port = listener.getsockname()[1]
    members: list[_Member] = []
    try:
        members.extend(_start(index, count, port, run, fork=fork) for index in range(count))
        # Only now, because its thread is not copied either; early callers wait in the line.
        _store = TCPStore(
            _HOST, port, is_master=True, wait_for_workers=False, master_listen_fd=listener.detach()
        )
        _wait(members)
        _join(members, _GRACE)
        killed = _killed(members)
    except KeyboardInterrupt:
        _join(members, _GRACE)  # the terminal has interrupted them too
        raise
    finally:
        _end(members)
    return _tell(members, killed)


def _start(index: int, count: int, port: int, run: Callable[[Tell], int], *, fork: bool) -> _Member:
    copied = fork and sys.platform == "linux"
    context = (
        multiprocessing.get_context("fork") if copied else multiprocessing.get_context("spawn")
    )
    notes, own = context.Pipe(duplex=False)
    process = context.Process(target=_join_and_run, args=(index, count, port, run, own))
    process.start()
    own.close()
    return _Member(process, notes)


def _wait(members: Sequence[_Member]) -> None:
    """Return once all have ended or one has failed."""
    running = [member.process for member in members]
    while running and not any(process.exitcode for process in running):
        connection.wait([process.sentinel for process in running])
        running = [process for process in running if process.exitcode != 0]


def _join(members: Sequence[_Member], seconds: float) -> None:
    """Wait for all of them, together no longer than that."""
    end = time.monotonic() + seconds
    for member in members:
        member.process.join(max(0.0, end - time.monotonic()))


def _end(members: Sequence[_Member]) -> None:
    """Leave no process behind."""
    for member in members:
        if member.process.is_alive():
            member.process.kill()
    for member in members:
        member.process.join()


def _killed(members: Sequence[_Member]) -> Failure | None:
    """The message for a process that was ended by a signal we did not send."""
    for index, member in enumerate(members):
        code = member.process.exitcode
        if code is not None and code < 0:
            name = signal.Signals(-code).name
            text = f"process {index} was ended by {name}; the same command continues from the last"
            return Failure(0.0, _BY_SIGNAL - code, f"error: {text} saved state\n")
    return None


def _tell(members: Sequence[_Member], killed: Failure | None) -> int:
    """Tell what was wrong first; the command's status."""
    said = [found for each in members if (found := each.failure()) is not None]
    first = killed or min(said, default=None)  # of one that was killed others say only: it is gone
    if first is not None:
        sys.stderr.write(first.text)
        return first.status
    return max(member.process.exitcode or 0 for member in members)


def _join_and_run(
    index: int, count: int, port: int, run: Callable[[Tell], int], notes: Connection
) -> None:
    """One process: the environment that torchrun would set, then the command."""
    end_with_parent()
    threads = max(1, min(torch.get_num_threads(), (os.cpu_count() or 1) // count))
    os.environ.update(
        RANK=str(index),
        LOCAL_RANK=str(index),
        WORLD_SIZE=str(count),
        LOCAL_WORLD_SIZE=str(count),
        MASTER_ADDR=_HOST,
        MASTER_PORT=str(port),
        TORCHELASTIC_USE_AGENT_STORE="True",  # the parent's, instead of the first process's own
        OMP_NUM_THREADS=str(threads),
    )
    if sys.platform == "linux":
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    torch.set_num_threads(threads)
    told: list[str] = []
    try:
        status = run(told.append)
    except Exception:  # noqa: BLE001 - an error of ours: its traceback is printed, but once
        status = 1
        told.append(traceback.format_exc())
    if status:
        # Before anything is closed, which others would notice and complain of.
        notes.send(Failure(time.monotonic(), status, "".join(told)[-_LONGEST:]))
        sys.exit(status)
    if distributed.is_initialized():
        distributed.destroy_process_group()
