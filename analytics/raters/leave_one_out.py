"""How much α rises without one annotator, with its interval, from stored moments."""

import math

import numpy as np

from analytics.agreement.coefficients.distances import Metric
from analytics.agreement.coefficients.krippendorff import alpha_from_sums
from analytics.agreement.inference.gradients import gradient
from analytics.agreement.inference.jackknife import leave_out
from analytics.agreement.sums.layout import Floats, Layout, Sums
from analytics.agreement.sums.moments import ClusterMoments, Moments, RaterMoments
from analytics.agreement.sums.parted_sums import AnySums
from analytics.estimates import Interval, Reason, estimate
from analytics.limits import FEWEST_ITEMS
from analytics.raters.rater_figures import Figure
from analytics.scales import Scale
from analytics.t_intervals import t_interval

METHOD = "linearised item jackknife of the difference, t(G-1)"


def leave_one_out_figure(rater: RaterMoments, moments: Moments) -> Figure:
    """Compute α without a rater minus α with all; positive means that the rater lowers α.

    Args:
        rater: the rater's sums.
        moments: of all raters.
    """
    total, scale = moments.total, moments.scale
    rest = leave_out(total, rater.part[None])[0]
    with_all, without = _alpha(total, scale), _alpha(rest, scale)
    n_items = rater.influence.n
    value = estimate(without - with_all, _reason(total, rest, scale))
    if value.value is None:
        return Figure(value, Interval.undefined(METHOD, value.reason or Reason.NO_OVERLAP), n_items)
    if n_items < FEWEST_ITEMS:
        return Figure(value, Interval.undefined(METHOD, Reason.FEW_ITEMS), n_items)
    variance = _variance(
        gradient(lambda sums: _alpha_any(sums, scale), total),
        gradient(lambda sums: _alpha_any(sums, scale), rest),
        moments.overlapping,
        rater.influence,
    )
    error = math.sqrt(variance)
    return Figure(value, t_interval(value.value, error, n_items - 1, METHOD), n_items)


def _alpha_any(sums: AnySums, scale: Scale) -> Sums:
    return alpha_from_sums(sums, scale, Metric.ORDINAL)


def _alpha(sums: Floats, scale: Scale) -> float:
    return float(np.real(_alpha_any(sums, scale)))


def _reason(total: Floats, rest: Floats, scale: Scale) -> Reason:
    layout = Layout(len(scale))
    lonely = layout.n_pairable(total) == 0 or layout.n_pairable(rest) == 0
    return Reason.NO_OVERLAP if lonely else Reason.NO_VARIATION


def _variance(
    with_all: Floats, without: Floats, items: ClusterMoments, mine: ClusterMoments
) -> float:
    """Variance of the item terms (g₁ - g₀)·s, less g₁·d on the rater's own items.

    The gradients g₀ at all sums and g₁ at the rest touch the coincidences alone.
    """
    size = len(mine.first) // 2
    change = (without - with_all)[:size]
    own = np.concatenate([change, -without[:size]])
    on_mine = np.concatenate([change, np.zeros(size)])
    squares = (
        change @ items.second[:size, :size] @ change
        - on_mine @ mine.second @ on_mine
        + own @ mine.second @ own
    )
    mean = change @ items.first[:size] - without[:size] @ mine.first[size:]
    n = items.n
    return float(max(squares - mean**2 / n, 0.0) * n / (n - 1))
