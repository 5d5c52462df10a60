"""A rater's figure with n and interval, from moments over that rater's items."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from analytics.agreement.jackknife import CONFIDENCE, linearised_variance
from analytics.agreement.layout import Sums
from analytics.agreement.moments import ClusterMoments
from analytics.estimates import Estimate, Interval, Reason, estimate
from analytics.raters.against import VERSUS, VersusStatistic
from analytics.scales import Scale

MIN_ITEMS = 5
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
    if moments.n < MIN_ITEMS:
        return Interval.undefined(METHOD, Reason.FEW_ITEMS)
    if name.is_correlation and abs(value.value) >= 1:
        return Interval.undefined(METHOD, Reason.NO_DISAGREEMENT)

    def scaled(sums: Sums) -> Sums:
        plain = VERSUS[name](sums, scale)
        return np.arctanh(plain) if name.is_correlation else plain

    variance = linearised_variance(scaled, moments.first, moments.second, moments.n)
    return t_interval(value.value, variance, moments.n - 1, METHOD, fisher=name.is_correlation)


def t_interval(value: float, variance: float, df: float, method: str, *, fisher: bool) -> Interval:
    """Build value ± t(df) √variance, on the atanh scale where `fisher`."""
    reach = float(stdtrit(df, (1 + CONFIDENCE) / 2)) * math.sqrt(variance)
    if not fisher:
        return Interval(value - reach, value + reach, method, math.sqrt(variance), df)
    centre = math.atanh(value)
    return Interval(
        low=math.tanh(centre - reach),
        high=math.tanh(centre + reach),
        method=method,
        standard_error=(1 - value**2) * math.sqrt(variance),
        degrees_of_freedom=df,
    )
