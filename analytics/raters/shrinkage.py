"""Empirical-Bayes shrinkage: few ratings pull a rater's figure towards the pool."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from analytics.agreement.sums.layout import Floats

# Fewer raters than this cannot tell their own spread from noise.
FEWEST = 3


@dataclass(frozen=True, eq=False)
class Shrunken:
    """Normal-normal model θ̂ ~ N(θ, se²), θ ~ N(centre, spread²).

    Attributes:
        centre: mean of the pool.
        spread: standard deviation τ between raters, beyond the noise.
        values: (R,) posterior means.
        errors: (R,) posterior standard deviations, τ and the centre taken as known.
    """

    centre: float
    spread: float
    values: Floats
    errors: Floats


def shrink(estimates: Sequence[float], errors: Sequence[float]) -> Shrunken:
    """Shrink (R,) estimates with standard errors towards their common mean.

    τ² by Paule and Mandel (1982): the weighted squares around the mean equal R - 1.

    >>> found = shrink([0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0])
    >>> found.spread, found.values.tolist()
    (0.0, [0.0, 0.0, 0.0, 0.0])

    Raises:
        ValueError: unequal lengths, no estimate, or an error that is not positive.
    """
    values, variances = np.asarray(estimates, dtype=float), np.square(np.asarray(errors, float))
    if values.shape != variances.shape or not values.size:
        raise ValueError(f"need as many errors as estimates, got {values.shape}, {variances.shape}")
    if not (variances > 0).all():
        raise ValueError("standard errors must be positive")
    between = _between(values, variances)
    weights = 1 / (variances + between)
    centre = float(weights @ values / weights.sum())
    pull = variances / (variances + between)
    return Shrunken(
        centre=centre,
        spread=float(np.sqrt(between)),
        values=pull * centre + (1 - pull) * values,
        errors=np.sqrt((1 - pull) * variances),
    )


def _between(values: Floats, variances: Floats) -> float:
    if len(values) < FEWEST:
        return 0.0

    def excess(between: float) -> float:
        weights = 1 / (variances + between)
        centre = weights @ values / weights.sum()
        return float(weights @ np.square(values - centre)) - (len(values) - 1)

    if excess(0.0) <= 0:
        return 0.0
    # There the squares weigh at most R / 4 in all, less than R - 1.
    most = float(np.ptp(values)) ** 2 + float(variances.max())
    return float(brentq(excess, 0.0, most))
