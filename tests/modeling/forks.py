"""Several processes that begin as copies of one, which has imported torch for all of them.

``python -m tests.modeling.forks`` takes a line of JSON for each run, ``[processes, job of
tests.modeling.launched, its arguments]``, runs it in a copy of itself, and answers with the copy's
number and later with its status. Started one by one, each would take ten seconds to import what it
needs.
"""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Self

import torch

from modeling.cli.processes import Tell, run_processes
from tests.modeling import launched


class Forks:
    """The process whose copies run; a context manager."""

    def __init__(self, errors: Path) -> None:
        self._errors = errors
        self._told = 0
        with errors.open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.modeling.forks"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def begin(self, processes: int, job: str, *arguments: object) -> int:
        """Start a job in so many processes; the number of their parent."""
        self._told = self._errors.stat().st_size
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([processes, job, *map(str, arguments)]) + "\n")
        self._process.stdin.flush()
        return self.wait()

    def wait(self) -> int:
        """The next number: after :meth:`begin`, the job's status, negative for a signal."""
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def run(self, processes: int, job: str, *arguments: object) -> int:
        """Run a job to its end; its status."""
        self.begin(processes, job, *arguments)
        return self.wait()

    def said(self) -> str:
        """What the last job wrote to standard error."""
        return self._errors.read_bytes()[self._told :].decode()


def _run(job: str, arguments: list[str], tell: Tell) -> int:
    status: int = getattr(launched, job)(tell, *arguments)
    return status


def _serve() -> None:
    torch.set_num_threads(1)
    for line in sys.stdin:
        processes, job, *arguments = json.loads(line)
        parent = os.fork()
        if not parent:
            os._exit(run_processes(processes, partial(_run, job, arguments), fork=True))
        _answer(parent)
        _, status = os.waitpid(parent, 0)
        _answer(os.waitstatus_to_exitcode(status))


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _serve()
