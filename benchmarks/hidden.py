"""Whether an annotator can tell hidden gold and repeats from work by any way out of an item.

An attacker releases, skips, lets expire with and without a draft, submits late, and compares what
comes back, when, in which order, how fast and how long, while others work beside them. Options:
--leases N (3000 in each campaign), --seed N.
"""

import sys
from collections.abc import Mapping
from typing import Any

from scipy.special import ndtri

from benchmarks.installation import fresh_installation, run_module
from benchmarks.targets import Result, Target, at_least, at_most

NEEDS_SERVICES = True
CAMPAIGNS = {"alone": (1, 2), "busy": (1, 5), "overlap": (2, 4)}  # overlap, people
FIGURES = 12
CONFIDENCE = 0.99  # that none of a campaign's figures strays by chance alone


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Attack campaigns of three shapes; every figure's AUC with its interval."""
    leases = options.get("leases", "400" if quick else "3000")
    seed = options.get("seed", "20261201")
    z = float(ndtri(1 - (1 - CONFIDENCE) / (2 * FIGURES)))
    figures: dict[str, Any] = {}
    targets: list[Target] = []
    for name, (overlap, people) in list(CAMPAIGNS.items())[: 1 if quick else None]:
        with fresh_installation("hidden") as environment:
            words = (leases, str(overlap), str(people), seed, str(z))
            seen = run_module(environment, "benchmarks.ratings.hidden_leases", *words)
        print(name, seen, file=sys.stderr)
        figures[name] = seen
        targets.append(at_least(f"{name}: hidden checks seen", seen["hidden"], int(leases) / 10))
        targets += [
            at_most(
                f"{name}: {figure}, distance of its AUC from 0.5",
                abs(one["auc"] - 0.5),
                one["margin"],
            )
            for figure, one in seen["compared"].items()
        ]
    return Result(figures=figures, targets=targets)
