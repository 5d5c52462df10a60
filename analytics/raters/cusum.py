"""Page's CUSUM: finds the moment from which a rater's residuals drift.

Residuals are one number per item in time order (own minus others' mean, or minus gold); within an
item they are correlated, so take their mean. Sources: Page (1954); Siegmund (1985) for run lengths.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri

from analytics.agreement.sums.layout import Floats

# Siegmund's correction for the discrete overshoot of the boundary.
OVERSHOOT = 1.166
# A spread needs two past values; equal values have none but rounding.
FEWEST_PAST, SMALLEST_SPREAD = 2, 1e-9
# Keeps a wildly different value finite: about eight standard deviations.


@dataclass(frozen=True)
class CusumPlan:
    """Two-sided rule in standard deviations of a residual.

    Attributes:
        allowance: k, half the shift that matters.
        threshold: h, at which the rule alarms.
    """

    allowance: float = 0.5
    threshold: float = 5.0

    def __post_init__(self) -> None:
        if self.allowance <= 0 or self.threshold <= 0:
            raise ValueError("allowance and threshold must be positive")

    def average_run_length(self, shift: float = 0.0) -> float:
        """Items until an alarm, on average, under a shift of the mean (zero: false alarms).

        >>> (
        ...     round(CusumPlan(0.5, 5.0).average_run_length()),
        ...     round(CusumPlan(0.5, 5.0).average_run_length(1.0), 1),
        ... )
        (469, 10.3)
        """
        sides = [_one_sided(sign * shift - self.allowance, self.threshold) for sign in (1, -1)]
        return 1 / sum(1 / side for side in sides)


def _one_sided(drift: float, threshold: float) -> float:
    height = threshold + OVERSHOOT
    if abs(drift) < 1 / height**3:
        return height**2
    return (math.exp(-2 * drift * height) + 2 * drift * height - 1) / (2 * drift**2)


def plan_for(run_length: float, *, allowance: float = 0.5) -> CusumPlan:
    """Choose the threshold whose false alarms come once in `run_length` items on average."""
    least = CusumPlan(allowance, 0.1).average_run_length()
    if run_length <= least:
        raise ValueError(f"run length must exceed {least:.1f} items")

    def excess(threshold: float) -> float:
        return math.log(CusumPlan(allowance, threshold).average_run_length() / run_length)

    return CusumPlan(allowance, float(brentq(excess, 0.1, 200.0 / allowance)))


@dataclass(frozen=True, eq=False)
class Drift:
    """Course and outcome of the rule.

    Attributes:
        upper: (T,) sum for a rising mean.
        lower: (T,) sum for a falling mean.
        alarm: index of the first item over the threshold, None without one.
        onset: index of the item from which the drift is estimated to run.
        rising: direction at the alarm.
        n_items: T.
    """

    upper: Floats
    lower: Floats
    alarm: int | None
    onset: int | None
    rising: bool | None
    n_items: int


def cusum(
    residuals: Sequence[float] | Floats, *, mean: float, deviation: float, plan: CusumPlan
) -> Drift:
    """Run the rule over (T,) residuals.

    Args:
        residuals: one number per item, in time order.
        mean: in-control mean: the rater's own over a first stretch, or zero for gold.
        deviation: in-control standard deviation.
        plan: allowance and threshold.

    Raises:
        ValueError: a deviation that is not positive.
    """
    if deviation <= 0:
        raise ValueError(f"deviation must be positive, got {deviation}")
    scaled = (np.asarray(residuals, dtype=np.float64) - mean) / deviation
    upper, lower = _sums(scaled, plan.allowance), _sums(-scaled, plan.allowance)
    over = np.flatnonzero(np.maximum(upper, lower) > plan.threshold)
    if not over.size:
        return Drift(upper, lower, None, None, None, len(scaled))
    alarm = int(over[0])
    rising = bool(upper[alarm] >= lower[alarm])
    course = upper if rising else lower
    zeros = np.flatnonzero(course[: alarm + 1] == 0)
    onset = int(zeros[-1]) + 1 if zeros.size else 0
    return Drift(upper, lower, alarm, onset, rising, len(scaled))


def sequential_ranks(residuals: Sequence[float] | Floats, *, warm_up: int = 15) -> Floats:
    """Standardise (T,) residuals by their rank among the rater's own past, for `cusum`.

    The rank of each among all before it, as a normal score: for any distribution of the residuals,
    without a change these are nearly independent standard normal values, so that heavy tails (a
    careless co-rater now and then) raise no alarms. The first `warm_up` residuals count as zero,
    ties share their ranks. Source: McDonald (1990), A CUSUM procedure based on sequential ranks.
    """
    past: list[float] = []
    scores = np.zeros(len(residuals))
    for place, value in enumerate(np.asarray(residuals, dtype=np.float64).tolist()):
        low, high = bisect_left(past, value), bisect_right(past, value)
        if place >= max(warm_up, FEWEST_PAST):
            scores[place] = ndtri((low + high + 1) / (2 * (place + 1)))
        past.insert(high, value)
    return scores


def _sums(scaled: Floats, allowance: float) -> Floats:
    """max(0, S + x - k): the random walk above its running minimum."""
    walk = np.cumsum(scaled - allowance)
    return np.asarray(walk - np.minimum(np.minimum.accumulate(walk), 0.0))
