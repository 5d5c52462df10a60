"""Next and submit over HTTP: gunicorn, PostgreSQL, a queue of 100,000 tasks, 1 and 8 clients.

Options: --tasks N (100000), --seconds S (20), --workers W (4).
"""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from json import loads
from typing import Any

from benchmarks.installation import (
    CHECKOUT,
    Environment,
    cpu_seconds,
    fresh_installation,
    memory_of,
    run_module,
    served,
)
from benchmarks.targets import Result, at_least, at_most

NEEDS_SERVICES = True
CLIENTS = 8
CYCLES, SUBMIT_P95, MEMORY = 150, 50, 400


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Measure one client, then eight, on the same site."""
    tasks = int(options.get("tasks", 10_000 if quick else 100_000))
    seconds = float(options.get("seconds", 4 if quick else 20))
    workers = int(options.get("workers", 4))
    with fresh_installation("serving") as environment:
        print(f"filling a queue of {tasks:,} tasks", file=sys.stderr)
        world = run_module(environment, "benchmarks.ratings.prepare", str(tasks), str(CLIENTS))
        with served(environment, workers=workers) as (port, process):
            sessions = world["sessions"]
            _load(environment, port, world["slug"], sessions, 2)  # imports, plans, connections
            idle = memory_of(process)
            used = cpu_seconds(process)
            one = _load(environment, port, world["slug"], sessions[:1], seconds)
            many = _load(environment, port, world["slug"], sessions, seconds)
            used = cpu_seconds(process) - used
            peak = memory_of(process)
    figures = {
        "tasks": tasks,
        "workers": workers,
        "one_client": one,
        "eight_clients": many,
        # what a busier or calmer machine changes least
        "server_cpu_ms_per_cycle": round(1000 * used / (one["cycles"] + many["cycles"]), 1),
        "memory_idle_mb": round(idle),
        "memory_after_mb": round(peak),
    }
    targets = [
        at_least("cycles per second, 8 clients", many["cycles_per_second"], CYCLES),
        at_most("submit p95 ms, 8 clients", many["submit_p95_ms"], SUBMIT_P95),
        at_most("server memory MB (PSS)", round(peak), MEMORY),
    ]
    return Result(figures=figures, targets=targets)


def _load(
    environment: Environment, port: int, slug: str, sessions: Sequence[str], seconds: float
) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.ratings.load", str(port), slug, str(seconds)]
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=environment,
        input="\n".join(sessions),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    figures: dict[str, Any] = loads(done.stdout.strip().splitlines()[-1])
    print(figures, file=sys.stderr)
    return figures
