"""Processes that train together as copies of one, which has imported torch for all of them.

``python -m tests.modeling.forks`` takes a line of JSON for each run, ``[processes, arguments of
tests.modeling.worker]``, and answers with its status. Started one by one, each would take ten
seconds to import what it needs.
"""

import json
import subprocess
import sys
from functools import partial
from typing import Any, Self

import torch

from modeling.cli.processes import Tell, run_processes
from tests.modeling import worker


class Forks:
    """The process whose copies train; a context manager."""

    def __init__(self, errors: Any) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.modeling.forks"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate(timeout=60)

    def run(self, processes: int, *arguments: object) -> int:
        """Train in so many processes; the status of the first to fail."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        job = [processes, *map(str, arguments)]
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


def _run(arguments: list[str], tell: Tell) -> int:
    worker.run(*arguments)
    return 0


def _serve() -> None:
    torch.set_num_threads(1)
    for line in sys.stdin:
        processes, *arguments = json.loads(line)
        status = run_processes(processes, partial(_run, arguments))
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
