"""A dashboard's numbers from the live store in PostgreSQL: 1,000,020 scores per dimension.

47,620 items × 7 candidates × 3 of 40 raters; 11 categories, 12 sources, 6 generators, 60 days.
Cold: a fresh process. Warm: the same again. With a tail: 30 items changed since the last fold.
Options: `items`.
"""

import sys
from collections.abc import Mapping

from benchmarks.installation import fresh_installation, run_module
from benchmarks.targets import Result, at_most

NEEDS_SERVICES = True
ITEMS, FEW = 47_620, 1_000


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Fill a database, fold, and read in a separate process."""
    items = options.get("items", str(FEW if quick else ITEMS))
    with fresh_installation("live") as environment:
        made = run_module(environment, "benchmarks.ratings.live_fill", items)
        print(made, file=sys.stderr)
        seen = run_module(environment, "benchmarks.ratings.live_read", made["slug"])
    return Result(
        figures=made | seen,
        targets=[
            at_most("whole dashboard from cold, seconds", seen["cold_seconds"], 1),
            at_most("the same warm, ms", 1000 * seen["warm_seconds"], 50),
            at_most("the overview's figures, ms", 1000 * seen["overview_seconds"], 50),
            at_most("sums differ from the ratings' by", seen["difference"], 1e-12),
        ],
    )
