"""Reports on one table: `python -m benchmarks.ratings.levels_table NAME UNITS`.

Prints the best of some calls in seconds, and the MB that one allocates at most.
"""

import json
import sys
import time
import tracemalloc

import numpy as np

from analytics.agreement.report import agreement_summary
from analytics.scales import Scale
from analytics.tables import RatingTable

RATERS, TIMES = 3, 3
# Level values that occur, and all that are declared.
TABLES = {
    "slider": (range(0, 101, 5), range(101)),
    "mistyped": ((-999, 1, 2, 3, 4), range(-999, 5)),
    "levels_101": (range(101), range(101)),
    "levels_4": (range(1, 5), range(1, 5)),
}


def main() -> None:
    """Time the report, then trace its memory: tracing slows it down."""
    name, units = sys.argv[1], int(sys.argv[2])
    table = simulate(name, units)
    agreement_summary(simulate("levels_4", 10))  # whatever the first call imports
    seconds = min(_seconds(table) for _ in range(TIMES))
    tracemalloc.start()
    summary = agreement_summary(table)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    found = {
        "ratings": table.n_ratings,
        "declared": len(table.scale),
        "present": len(np.unique(table.level)),
        "seconds": seconds,
        "peak_mb": peak,
        "alpha": summary.headline.estimate.value,
        "interval": summary.headline.items.bounds,
        "annotators": summary.headline.annotators.bounds,
    }
    print(json.dumps(found))


def simulate(name: str, units: int) -> RatingTable:
    """Draw a quality for each unit and three ratings near it."""
    levels, declared = TABLES[name]
    rng = np.random.default_rng(11)
    seen = rng.normal(size=units)[:, None] + 0.5 * rng.normal(size=(units, RATERS))
    cuts = np.quantile(seen, np.arange(1, len(levels)) / len(levels))
    place = np.searchsorted(cuts, seen.reshape(-1))
    scale = Scale.of(declared)
    return RatingTable.from_indices(
        unit=np.arange(units).repeat(RATERS),
        rater=np.tile(np.arange(RATERS), units),
        level=np.searchsorted(np.asarray(scale.values), np.asarray(levels)[place]),
        scale=scale,
        unit_item=np.arange(units),
    )


def _seconds(table: RatingTable) -> float:
    began = time.perf_counter()
    agreement_summary(table)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
