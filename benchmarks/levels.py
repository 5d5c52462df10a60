"""Reports on many levels: seconds and peak memory, against the same units on four levels.

A slider from 0 to 100 in steps of 5 (180 ratings), -999 among one to four, 10,000 units on 101
levels, and a campaign whose overall has 89 levels: its home page's selector after every change.
Options: `units` (10,000), `items` of the campaign (1,430; seven candidates each, three raters).
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from benchmarks.installation import CHECKOUT, fresh_installation, run_module
from benchmarks.targets import Result, Target, at_most, holds

NEEDS_SERVICES = True
UNITS, FEW_UNITS = 10_000, 2_000
ITEMS, FEW_ITEMS = 1_430, 100
# Every value is computed again; what is left open is how often the machine is interrupted.
SECONDS, MEGABYTES = 1.0, 200.0
MOST_TIMES = 8.0


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Measure each table in a separate process, then the campaign."""
    units = int(options.get("units", str(FEW_UNITS if quick else UNITS)))
    items = options.get("items", str(FEW_ITEMS if quick else ITEMS))
    tables = {
        "slider": measure("slider", 60),
        "mistyped": measure("mistyped", 60),
        "levels_101": measure("levels_101", units),
        "levels_4": measure("levels_4", units),
    }
    names = ("long",) if quick else ("long", "short")
    campaigns = {name: _campaign(name, items) for name in names}
    figures: dict[str, Any] = {
        "units": units,
        "tables": tables,
        "campaigns": campaigns,
        "ratio_of_101_levels": tables["levels_101"]["seconds"] / tables["levels_4"]["seconds"],
    }
    if "short" in campaigns:
        both = (campaigns[name]["changed_seconds"] for name in names)
        figures["ratio_of_the_campaign"] = next(both) / next(both)
    return Result(figures=figures, targets=_targets(figures))


def measure(name: str, units: int) -> dict[str, Any]:
    """Report on one table in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.ratings.levels_table", name, str(units)]
    done = subprocess.run(command, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True)
    print(name, done.stdout.strip(), file=sys.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _campaign(name: str, items: str) -> dict[str, Any]:
    with fresh_installation("levels") as environment:
        made = run_module(environment, "benchmarks.ratings.live_fill", items, name)
        seen = run_module(environment, "benchmarks.ratings.levels_home", made["slug"])
    found: dict[str, Any] = made | seen
    print(name, found, file=sys.stderr)
    return found


def _targets(figures: Mapping[str, Any]) -> list[Target]:
    tables, long = figures["tables"], figures["campaigns"]["long"]
    return [
        *(
            at_most(f"{name}: whole report with intervals, seconds", one["seconds"], SECONDS)
            for name, one in tables.items()
        ),
        *(
            at_most(f"{name}: memory that the report adds, MB", one["peak_mb"], MEGABYTES)
            for name, one in tables.items()
        ),
        holds("the table of 101 levels has them all", met=tables["levels_101"]["present"] == 101),
        holds("the campaign's overall has 89 levels", met=long["levels"] == 89),
        at_most("101 levels over 4, times", figures["ratio_of_101_levels"], MOST_TIMES),
        at_most(
            "the home page's figures after a change, seconds", long["changed_seconds"], SECONDS
        ),
        at_most("the same unchanged, seconds", long["warm_seconds"], SECONDS / 10),
        at_most("memory that the home page's figures add, MB", long["peak_mb"], MEGABYTES),
    ]
