"""Response times: answers faster than anyone could look, per annotator.

Source: Wise and Ma (2012): a floor at 10 % of the median time (NT10); Curran (2016).
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.agreement.sums.layout import Floats
from analytics.raters.binomial_shares import Share, share
from analytics.raters.sprt import SprtPlan

NORMATIVE_SHARE = 0.1
FEWEST_FOR_MEDIAN = 20
TOLERATED = 0.02  # share of fast answers of an honest annotator, on easy items


@dataclass(frozen=True)
class Speed:
    """One annotator's response times.

    Attributes:
        median_seconds: median active time per task.
        too_fast: share of tasks under the floor.
        longest_run: most too fast tasks in a row.
    """

    median_seconds: float
    too_fast: Share
    longest_run: int


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


def speeds(
    raters: Sequence[Hashable], seconds: Sequence[float], *, floor: float
) -> dict[Hashable, Speed]:
    """Describe each annotator's times.

    Args:
        raters: (T,) annotator of each task, tasks in time order.
        seconds: (T,) active time, idle excluded.
        floor: seconds under which an answer is too fast, see `speed_floor`.
    """
    if len(raters) != len(seconds):
        raise ValueError(f"{len(raters)} raters but {len(seconds)} times")
    by_rater: dict[Hashable, list[float]] = {}
    for rater, time in zip(raters, seconds, strict=True):
        by_rater.setdefault(rater, []).append(time)
    return {rater: _speed(np.asarray(times), floor) for rater, times in by_rater.items()}


def longest_run(flags: Sequence[bool]) -> int:
    """Most true flags in a row.

    >>> longest_run([True, False, True, True])
    2
    """
    longest = current = 0
    for flag in flags:
        current = current + 1 if flag else 0
        longest = max(longest, current)
    return longest


def _speed(times: Floats, floor: float) -> Speed:
    fast = times < floor
    return Speed(
        median_seconds=float(np.median(times)),
        too_fast=share(int(fast.sum()), len(times)),
        longest_run=longest_run(fast.tolist()),
    )
