"""The paired difference of two dimensions (α_IF - α_VQ) from stored moments, with its interval."""

import math

from analytics.agreement.coefficients.catalogue import Coefficient, point, statistic
from analytics.agreement.comparison.differences import Difference, subtract
from analytics.agreement.inference.gradients import gradient
from analytics.agreement.sums.moments import Moments
from analytics.agreement.sums.scale_covariance import CrossMoments
from analytics.estimates import Estimate, Interval, Reason
from analytics.limits import FEWEST_ITEMS
from analytics.t_intervals import t_interval

METHOD = "linearised item jackknife of the paired difference, t"


def paired_difference(
    coefficient: Coefficient, first: Moments, second: Moments, cross: CrossMoments
) -> Difference:
    """Compute first minus second with its interval, as `jackknife_difference` from ratings.

    For coefficients that use units with single ratings these count in the values alone.
    """
    sides = (first, second)
    totals = [moments.overlapping.first for moments in sides]
    points = [point(coefficient, m.total, m.scale) for m in sides]
    estimate = subtract(points[0], points[1])
    n_items = (first.overlapping.n, second.overlapping.n)
    if estimate.value is None or min(n_items) < FEWEST_ITEMS:
        return linearised_difference(estimate, math.nan, n_items, cross.n_both)
    slopes = [
        gradient(statistic(coefficient, m.scale), total)
        for m, total in zip(sides, totals, strict=True)
    ]
    squares = sum(
        float(slope @ m.overlapping.second @ slope) for m, slope in zip(sides, slopes, strict=True)
    )
    squares -= 2 * float(slopes[0] @ cross.product @ slopes[1])
    mean = float(slopes[0] @ totals[0]) - float(slopes[1] @ totals[1])
    n = cross.n_either
    variance = max(squares - mean**2 / n, 0.0) * n / (n - 1)
    return linearised_difference(estimate, variance, n_items, cross.n_both)


def linearised_difference(
    estimate: Estimate, variance: float, n_items: tuple[int, int], n_shared: int
) -> Difference:
    """Return a difference with its interval: t with the smaller side's items less one.

    Args:
        estimate: the difference, or why there is none.
        variance: linearised, over items; not used where there is no interval.
        n_items: items with overlap on each side.
        n_shared: items with overlap on both.
    """
    value = estimate.value
    if value is None or min(n_items) < FEWEST_ITEMS:
        reason = estimate.reason or Reason.FEW_ITEMS
        return Difference(estimate, Interval.undefined(METHOD, reason), n_items, n_shared)
    interval = t_interval(value, math.sqrt(variance), min(n_items) - 1, METHOD)
    return Difference(estimate, interval, n_items, n_shared)
