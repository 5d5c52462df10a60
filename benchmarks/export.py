"""Writing the paper's campaign, 9,557 items × 7 candidates: 200,697 pairs, and images inside rows.

EditReward JSON and Parquet with images referenced, twice, in separate processes; then
EditReward-Data with the images embedded for fewer items, whose rate is the point.
Options: `items`, `embedded` (items of the second part), `kilobytes` (of a picture).
"""

import sys
from collections.abc import Mapping
from typing import Any

from benchmarks.installation import Environment, fresh_installation, run_module
from benchmarks.targets import Result, Target, at_most, holds

NEEDS_SERVICES = True
ITEMS, FEW = 9_557, 500
EMBEDDED, FEW_EMBEDDED = 200, 20
PAIRS_PER_ITEM = 21
MOST_SECONDS, MOST_MB = 20, 500
FILES, KILOBYTES = 64, 170
JOB_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}  # as workers.tasks.supervision gives its jobs
REFERENCED = ("referenced", "edit_reward_json", "edit_reward_parquet")
INSIDE = ("embedded", "edit_reward_parquet")


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Fill, take the snapshot, write twice; fill again and write with images inside."""
    items = int(options.get("items", FEW if quick else ITEMS))
    embedded = int(options.get("embedded", FEW_EMBEDDED if quick else EMBEDDED))
    kilobytes = options.get("kilobytes", str(KILOBYTES))
    with fresh_installation("export") as installation:
        environment = {**installation, **JOB_ENVIRONMENT}
        words = (str(FILES), kilobytes, str(items), str(embedded))
        filled = run_module(environment, "benchmarks.exporting.fill", *words)
        print(filled, file=sys.stderr)
        large, small = filled["slugs"]
        snapshot, first, second = _write(environment, large, REFERENCED, times=2)
        _, inside = _write(environment, small, INSIDE, times=1)
    figures = {
        "filled": filled,
        "items": items,
        "snapshot": snapshot,
        "referenced": first,
        "referenced_again": second,
        "embedded_items": embedded,
        "embedded": inside,
    }
    return Result(figures=figures, targets=judge(items, first, second, inside))


def _write(
    environment: Environment, slug: str, words: tuple[str, ...], *, times: int
) -> list[dict[str, Any]]:
    taken = run_module(environment, "benchmarks.exporting.take", slug)
    print(taken, file=sys.stderr)
    seen = [taken]
    for _ in range(times):
        arguments = (str(taken["snapshot"]), *words)
        seen.append(run_module(environment, "benchmarks.exporting.write", *arguments))
        print(seen[-1], file=sys.stderr)
    return seen


def judge(
    items: int, first: dict[str, Any], second: dict[str, Any], inside: dict[str, Any]
) -> list[Target]:
    """What was asked, against two runs with images referenced and one with images inside."""
    pairs = items * PAIRS_PER_ITEM
    seconds = min(first["seconds"], second["seconds"])
    return [
        holds(f"{pairs:,} pairs exactly", met=first["pairs"]["possible"] == pairs),
        holds("counts reconcile", met=first["reconciles"] and inside["reconciles"]),
        at_most("JSON and Parquet, images referenced, seconds", seconds, MOST_SECONDS),
        at_most("its peak of memory, MB", max(first["peak_mb"], second["peak_mb"]), MOST_MB),
        holds("the same bytes twice", met=first["sha256"] == second["sha256"]),
        at_most("images inside rows: peak of memory, MB", inside["peak_mb"], MOST_MB),
        at_most(
            "size written over size foretold", inside["written_mb"] / inside["estimated_mb"], 1
        ),
    ]
