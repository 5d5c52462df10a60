"""The whole matrix of roles and addresses: everyone tries everything; the table must agree.

People have every set of up to two roles in a campaign, times every such set in its neighbour with
the same collection, and operators beside them; the tests have a seeded share of them walk.
`--processes N` divides them (default: one per core), each with a separate installation; `--write
yes` writes the table as observed, for a person to read what changed. `--quick` walks with another
share than the tests'.
"""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.installation import fresh_installation, run_module
from benchmarks.targets import Result, StudyRefusedError, holds
from tests.annotation_app.access_matrix.cast import EVERYBODY, Part
from tests.annotation_app.access_matrix.table import read_table, table_lines, write_table

NEEDS_SERVICES = True
SHOWN = 50  # leaks and differing lines that are printed
SEED = 1


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Let everyone walk."""
    writes = options.get("write") == "yes"
    if quick and writes:
        message = "--quick walks with a share of the people: the table needs everybody"
        raise StudyRefusedError(message)
    processes = int(options.get("processes", os.cpu_count() or 1))
    shares = [(SEED, 0)] if quick else [(first, processes) for first in range(processes)]
    with ThreadPoolExecutor(len(shares)) as threads:
        found = list(threads.map(_walk, shares))
    rows = _merge([share["rows"] for share in found])
    asked = {part for told in rows.values() for part in told}
    if writes:
        write_table(rows)
    lines, kept = table_lines(rows), read_table([part for part in EVERYBODY if part in asked])
    differing = [f"table: {line}" for line in kept if line not in {*lines}]
    differing += [f"found: {line}" for line in lines if line not in {*kept}]
    leaks = [leak for share in found for leak in share["leaks"]]
    for line in [*leaks, *differing][:SHOWN]:
        print(line)
    unseen = sorted({mark for share in found for mark in share["unseen"]})
    return Result(
        figures={
            "people": len(asked),
            "rows": len(rows),
            "knocks": sum(map(len, rows.values())),
            "leaks": len(leaks),
            "differing_lines": len(differing),
            "marks_unseen": unseen,
        },
        targets=[
            holds("no one reads a mark of an item that they may still judge", met=not leaks),
            holds("every mark is read by someone who does not judge", met=not unseen),
            holds("what is answered is what the table says", met=not differing),
        ],
    )


def _walk(share: tuple[int, int]) -> dict[str, Any]:
    """Let a share of the people walk in a separate installation."""
    first, step = share
    with fresh_installation(f"blinding{first}") as made:
        environment = {
            **made,
            # with the tests' settings no mail leaves, and folders are those of this installation
            "DJANGO_SETTINGS_MODULE": "annotation_app.settings.test",
            "EDITJURY_TEST_DATA_": made["DATA_ROOT"],
            "OMP_NUM_THREADS": "1",
        }
        found: dict[str, Any] = run_module(
            environment, "benchmarks.crawling.doors", str(first), str(step)
        )
    return found


def _merge(shares: list[dict[str, dict[str, str]]]) -> dict[str, dict[Part, str]]:
    rows: dict[str, dict[Part, str]] = {}
    for share in shares:
        for row, told in share.items():
            signs = {EVERYBODY[int(place)]: sign for place, sign in told.items()}
            rows.setdefault(row, {}).update(signs)
    return rows
