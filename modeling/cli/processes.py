"""One command in several processes of this machine, without torchrun."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
from torch import distributed
from torch.distributed import TCPStore  # type: ignore[attr-defined]  # torch builds its list
from torch.multiprocessing.spawn import ProcessContext, ProcessExitedException, start_processes

Tell = Callable[[str], object]
_HOST = "127.0.0.1"
_BY_SIGNAL = 128  # what shells add to the number of the signal that ended a command
_GRACE = 20.0  # seconds to end in, once another process has failed or the user has had enough


def run_processes(count: int, run: Callable[[Tell], int]) -> int:
    """Run in ``count`` processes that find each other; the status of the first to fail.

    They begin as copies of this process where that is safe, so that its imports count once.
    When one fails, the others fail with it: only what was wrong first is told.

    Raises:
        KeyboardInterrupt: the user has had enough; no process is left.
    """
    port, _store = _listen()  # it answers as long as it is held
    with tempfile.TemporaryDirectory() as notes:
        begun: ProcessContext = start_processes(  # type: ignore[no-untyped-call]  # has no types
            _join_and_run,
            (count, port, run, Path(notes)),
            nprocs=count,
            join=False,
            start_method="fork" if sys.platform == "linux" else "spawn",
        )
        try:
            while not begun.join(grace_period=_GRACE):
                pass
        except ProcessExitedException as error:
            return _tell_failure(error, Path(notes))
        except KeyboardInterrupt:
            _end(begun)
            raise
    return 0


def _tell_failure(error: ProcessExitedException, notes: Path) -> int:
    if error.exit_code < 0:  # by a signal: out of memory, for one
        sys.stderr.write(f"error: {error}; the same command goes on from the last saved state\n")
        return _BY_SIGNAL - error.exit_code
    told = sorted(notes.iterdir(), key=lambda note: note.stat().st_mtime_ns)
    sys.stderr.write(told[0].read_text(encoding="utf-8") if told else f"error: {error}\n")
    return error.exit_code


def _listen() -> tuple[int, TCPStore]:
    """A port at which processes meet, of this machine alone."""
    listener = socket.create_server((_HOST, 0))
    port = listener.getsockname()[1]
    store = TCPStore(
        _HOST, port, is_master=True, wait_for_workers=False, master_listen_fd=listener.detach()
    )
    return port, store


def _end(begun: ProcessContext) -> None:
    """Let the processes end that the terminal has interrupted too, and make the others."""
    for process in begun.processes:
        process.join(_GRACE)
        if process.is_alive():
            process.kill()


def _join_and_run(
    index: int, count: int, port: int, run: Callable[[Tell], int], notes: Path
) -> None:
    """One process: what torchrun would have told it, then the command."""
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
    status = run((notes / str(index)).write_text)
    if distributed.is_initialized():
        distributed.destroy_process_group()
    if status:
        sys.exit(status)
