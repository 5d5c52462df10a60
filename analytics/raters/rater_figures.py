"""A rater's figure with n and interval, from moments over that rater's items."""

import math
from dataclasses import dataclass

import numpy as np

from analytics.agreement.inference.jackknife import linearised_variance
from analytics.agreement.sums.layout import Sums
from analytics.agreement.sums.moments import ClusterMoments
from analytics.estimates import Estimate, Interval, Reason, estimate
from analytics.limits import FEWEST_ITEMS
from analytics.raters.rest_of_raters import VERSUS, VersusStatistic
from analytics.scales import Scale
from analytics.t_intervals import fisher_t_interval, t_interval

METHOD = "linearised item jackknife, t(G-1)"


@dataclass(frozen=True)
class Figure:
    """One figure of one rater.

    Attributes:
        estimate: the value, or why there is none.
        interval: over this rater's items.
        n_items: items with overlap that the rater judged.
    """

    estimate: Estimate
    interval: Interval
    n_items: int


def versus_figure(name: VersusStatistic, moments: ClusterMoments, scale: Scale) -> Figure:
    """Compute one statistic of a rater against the others."""
    if moments.n <= 0:
        missing = Interval.undefined(METHOD, Reason.NO_OVERLAP)
        return Figure(Estimate(None, Reason.NO_OVERLAP), missing, 0)
    value = estimate(VERSUS[name](moments.first, scale), Reason.NO_VARIATION)
    return Figure(value, _interval(name, value, moments, scale), moments.n)


def _interval(
    name: VersusStatistic, value: Estimate, moments: ClusterMoments, scale: Scale
) -> Interval:
    if value.value is None:
        return Interval.undefined(METHOD, value.reason or Reason.NO_OVERLAP)
    if moments.n < FEWEST_ITEMS:
        return Interval.undefined(METHOD, Reason.FEW_ITEMS)
    if name.is_correlation and abs(value.value) >= 1:
        return Interval.undefined(METHOD, Reason.NO_DISAGREEMENT)

    def scaled(sums: Sums) -> Sums:
        plain = VERSUS[name](sums, scale)
        return np.arctanh(plain) if name.is_correlation else plain

    variance = linearised_variance(scaled, moments.first, moments.second, moments.n)
    df = moments.n - 1
    if not name.is_correlation:
        return t_interval(value.value, math.sqrt(variance), df, METHOD)
    return fisher_t_interval(
        math.atanh(value.value),
        variance,
        df,
        METHOD,
        back=math.tanh,
        slope=1 - value.value**2,
    )
