"""64 unruly clients, 10,000 tasks, overlap 1 and 3; and the cost of "next" at 10⁴ and 10⁶ tasks.

The clients double-submit, stall past their leases, vanish and race themselves in second windows.
Options: --tasks N (10000), --clients N (64), --longest N (1000000).
"""

import sys
from collections.abc import Mapping
from typing import Any

from benchmarks.installation import fresh_installation, run_module
from benchmarks.targets import Result, Target, at_most, holds

NEEDS_SERVICES = True
OVERLAPS = (1, 3)
MOST_ROWS, MOST_BUFFERS = 64, 120


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Let the clients loose in fresh installations; read the plans in others."""
    tasks = options.get("tasks", "240" if quick else "9999")
    clients = options.get("clients", "16" if quick else "64")
    longest = options.get("longest", "10000" if quick else "1000000")
    figures: dict[str, Any] = {}
    targets: list[Target] = []
    for overlap in OVERLAPS[:1] if quick else OVERLAPS:
        with fresh_installation("contention") as environment:
            words = (tasks, str(overlap), clients)
            seen = run_module(environment, "benchmarks.ratings.contend", *words)
        print(seen, file=sys.stderr)
        figures[f"overlap_{overlap}"] = seen
        targets += _verdict(overlap, seen)
    for size in dict.fromkeys(("10000", longest)):
        with fresh_installation("queue") as environment:
            cost = run_module(environment, "benchmarks.ratings.scan", size)
        print(cost, file=sys.stderr)
        figures[f"queue_{size}"] = cost
        targets += [
            at_most(f"rows of a veteran's pick, {size} tasks", cost["veteran_rows"], MOST_ROWS),
            at_most(f"its buffers, {size} tasks", cost["veteran_buffers"], MOST_BUFFERS),
        ]
    return Result(figures=figures, targets=targets)


def _verdict(overlap: int, seen: dict[str, Any]) -> list[Target]:
    complete = seen["counted"] == seen["planned"]
    return [
        holds(f"overlap {overlap}: exactly the planned ratings count", met=complete),
        at_most(f"overlap {overlap}: surplus", seen["surplus"], 0),
        at_most(f"overlap {overlap}: missing", seen["missing"], 0),
        at_most(f"overlap {overlap}: lost", seen["lost"] + seen["untold"], 0),
        at_most(f"overlap {overlap}: repeats answered otherwise", seen["unequal_repeats"], 0),
        holds(f"overlap {overlap}: no error", met=seen["errors"] == []),
    ]
