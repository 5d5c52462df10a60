"""Funnel plot: raters against their precision, with limits, instead of a league table.

Source: Spiegelhalter (2005), Funnel plots for comparing institutional performance.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.agreement.sums.layout import Floats
from analytics.limits import CONFIDENCE, OUTLYING
from analytics.t_intervals import normal_quantile

# Standard deviation of a normal variable over its median absolute deviation.
MAD_TO_SD = 1.4826


@dataclass(frozen=True, eq=False)
class Funnel:
    """Points and limits of a funnel plot.

    Attributes:
        centre: pooled value.
        spread: accepted spread τ between raters, included in the limits.
        scores: (R,) deviations in standard errors, τ included.
        outside_warning: (R,) beyond the 95 % limits.
        outside_action: (R,) beyond the 99.8 % limits: two in a thousand honest raters.
        curve_n: (M,) items along the axis.
        curves: (M, 4) action low, warning low, warning high and action high limits there.
    """

    centre: float
    spread: float
    scores: Floats
    outside_warning: list[bool]
    outside_action: list[bool]
    curve_n: Floats
    curves: Floats


def funnel(estimates: Sequence[float], errors: Sequence[float], n_items: Sequence[int]) -> Funnel:
    """Build a funnel from (R,) estimates, their standard errors and numbers of items.

    Centre and accepted spread come from the median and the median absolute deviation, so that a
    bad rater does not widen the limits that should catch it.
    """
    values, sizes = np.asarray(estimates, dtype=float), np.asarray(n_items, dtype=float)
    error = np.asarray(errors, dtype=float)
    centre, spread = _robust_pool(values, error)
    scores = (values - centre) / np.hypot(error, spread)
    per_item = float(np.median(error * np.sqrt(sizes)))
    # From half the fewest: annotators with equally many items are still drawn in a funnel.
    curve_n = np.linspace(max(sizes.min() / 2, 1.0), max(sizes.max() * 1.08, 2.0), 60)
    width = np.hypot(per_item / np.sqrt(curve_n), spread)
    limits = normal_quantile(OUTLYING), normal_quantile(CONFIDENCE)
    reach = np.array([-limits[0], -limits[1], limits[1], limits[0]])
    return Funnel(
        centre=centre,
        spread=spread,
        scores=scores,
        outside_warning=(np.abs(scores) > limits[1]).tolist(),
        outside_action=(np.abs(scores) > limits[0]).tolist(),
        curve_n=curve_n,
        curves=centre + width[:, None] * reach,
    )


def _robust_pool(values: Floats, errors: Floats) -> tuple[float, float]:
    """Median, and the spread that is left of the median absolute deviation beyond the noise."""
    centre = float(np.median(values))
    deviation = MAD_TO_SD * float(np.median(np.abs(values - centre)))
    between = deviation**2 - float(np.median(np.square(errors)))
    return centre, float(np.sqrt(max(between, 0.0)))
