"""Accuracy on hidden gold: Beta-Binomial posterior per annotator, with the pool as prior."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betainc, betaincinv, betaln

from analytics.agreement.sums.layout import Floats
from analytics.limits import CONFIDENCE


@dataclass(frozen=True)
class BetaPrior:
    """Prior on accuracy; the default is flat."""

    passes: float = 1.0
    failures: float = 1.0

    def __post_init__(self) -> None:
        if self.passes <= 0 or self.failures <= 0:
            raise ValueError("both parameters of a Beta prior must be positive")


@dataclass(frozen=True)
class GoldAccuracy:
    """Posterior of one annotator's accuracy.

    Attributes:
        n: gold answers.
        passes: right ones.
        mean: posterior mean: the share of passes, shrunk towards the prior.
        low: lower bound of the central 95 %.
        high: upper bound.
        probability_below: that the accuracy is below the floor.
    """

    n: int
    passes: int
    mean: float
    low: float
    high: float
    probability_below: float


def gold_accuracy(passes: int, n: int, *, floor: float, prior: BetaPrior) -> GoldAccuracy:
    """Compute the posterior after n gold answers.

    >>> found = gold_accuracy(8, 10, floor=0.5, prior=BetaPrior())
    >>> round(found.mean, 3), round(found.probability_below, 4)
    (0.75, 0.0327)
    """
    if not 0 <= passes <= n:
        raise ValueError(f"{passes} passes of {n} gold answers")
    a, b = prior.passes + passes, prior.failures + n - passes
    tail = (1 - CONFIDENCE) / 2
    return GoldAccuracy(
        n=n,
        passes=passes,
        mean=a / (a + b),
        low=float(betaincinv(a, b, tail)),
        high=float(betaincinv(a, b, 1 - tail)),
        probability_below=float(betainc(a, b, floor)),
    )


def pool_prior(passes: Sequence[int], n: Sequence[int], *, strongest: float = 50.0) -> BetaPrior:
    """Fit the prior to the pool by the Beta-Binomial likelihood (empirical Bayes).

    Args:
        passes: (R,) right answers of each annotator.
        n: (R,) gold answers of each.
        strongest: most pseudo-answers that the prior may weigh.
    """
    right, total = np.asarray(passes, dtype=float), np.asarray(n, dtype=float)
    if right.shape != total.shape or (right > total).any() or (right < 0).any():
        raise ValueError("passes must be between zero and n for each annotator")
    if not total.sum():
        return BetaPrior()
    start = (right.sum() + 1) / (total.sum() + 2)
    found = minimize(
        _negative_log_likelihood,
        x0=[np.log(start / (1 - start)), np.log(10.0)],
        args=(right, total),
        bounds=[(-7, 7), (0.0, float(np.log(strongest)))],
        method="L-BFGS-B",
    )
    mean, weight = 1 / (1 + np.exp(-found.x[0])), float(np.exp(found.x[1]))
    return BetaPrior(float(mean) * weight, float(1 - mean) * weight)


def _negative_log_likelihood(parameters: Floats, right: Floats, total: Floats) -> float:
    mean, weight = 1 / (1 + np.exp(-parameters[0])), np.exp(parameters[1])
    a, b = mean * weight, (1 - mean) * weight
    return -float((betaln(a + right, b + total - right) - betaln(a, b)).sum())
