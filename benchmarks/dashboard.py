"""The agreement dashboard's whole answer, page and charts, over a large campaign.

Items × 7 candidates × 3 of 40 raters; 11 categories, 12 sources, 6 generators, 60 days. Cold: the
first answer of a process. Option: `items` (5,000: 105,000 scores on each of two dimensions).
"""

import sys
from collections.abc import Mapping

from benchmarks.installation import fresh_installation, manage, run_module
from benchmarks.targets import Result, at_most

NEEDS_SERVICES = True
ITEMS, FEW = 5_000, 300


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Fill a database, fold, and request the page in a separate process."""
    items = options.get("items", str(FEW if quick else ITEMS))
    with fresh_installation("dashboard") as environment:
        made = run_module(environment, "benchmarks.ratings.live_fill", items)
        print(made, file=sys.stderr)
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        seen = run_module(environment, "benchmarks.ratings.dashboard_read", made["slug"])
    return Result(
        figures=made | seen,
        targets=[
            at_most("the page's first answer, seconds", seen["cold_ms"] / 1000, 2),
            at_most("the page after that, ms", seen["warm_ms"], 150),
            at_most("database queries", seen["queries"], 20),
        ],
    )
