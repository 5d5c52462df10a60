"""Response times: answers faster than anyone could look, per annotator.

Source: Wise and Ma (2012): a floor at 10 % of the median time (NT10); Curran (2016).
"""

from collections.abc import Sequence

import numpy as np

from analytics.agreement.sums.layout import Floats
from analytics.raters.sprt import SprtPlan

NORMATIVE_SHARE = 0.1
FEWEST_FOR_MEDIAN = 20
TOLERATED = 0.02  # share of fast answers of an honest annotator, on easy items


def speed_floor(seconds: Sequence[float] | Floats, *, least: float = 0.0) -> float:
    """Return the pool's floor: a tenth of its median, at least `least`; `least` if few times."""
    times = np.asarray(seconds, dtype=np.float64)
    if len(times) < FEWEST_FOR_MEDIAN:
        return least
    return max(least, NORMATIVE_SHARE * float(np.median(times)))


def speed_test(too_much: float) -> SprtPlan:
    """Return the sequential test of a share of fast answers against the tolerated 2 %.

    An answer passes if it is not too fast. One test stops two honest annotators in a thousand.

    Raises:
        ValueError: a share that is not above the tolerated one.
    """
    return SprtPlan(good=1 - TOLERATED, bad=1 - too_much, false_alarm=0.002, miss=0.05)
