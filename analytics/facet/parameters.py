"""Parameters of the facet model as one vector and as named arrays; for `likelihood` and `fit`.

P(level ≥ v | quality q, rater r) = σ(aᵣ (q - bᵣ - τᵥ)), q ~ N(0, 1): severity bᵣ shifts, and
discrimination aᵣ > 0 sharpens. Thresholds increase: τ₁ free, then exponentials of their gaps.
"""

from dataclasses import dataclass

import numpy as np

from analytics.agreement.layout import Floats


@dataclass(frozen=True, eq=False)
class FacetParameters:
    """Named parameters.

    Attributes:
        severity: (R,) b: positive rates lower.
        log_discrimination: (R,) log a.
        thresholds: (V - 1,) τ, increasing.
    """

    severity: Floats
    log_discrimination: Floats
    thresholds: Floats

    @property
    def discrimination(self) -> Floats:
        """(R,) a."""
        return np.exp(self.log_discrimination)


def pack(parameters: FacetParameters) -> Floats:
    """Return the (2R + V - 1,) vector."""
    gaps = np.log(np.diff(parameters.thresholds))
    return np.concatenate(
        [
            parameters.severity,
            parameters.log_discrimination,
            parameters.thresholds[:1],
            gaps,
        ]
    )


def unpack(vector: Floats, n_raters: int) -> FacetParameters:
    """Return the named parameters of a vector."""
    free = vector[2 * n_raters :]
    steps = np.concatenate([free[:1], np.exp(free[1:])])
    return FacetParameters(
        severity=vector[:n_raters],
        log_discrimination=vector[n_raters : 2 * n_raters],
        thresholds=np.cumsum(steps),
    )


def start_values(n_raters: int, level_counts: Floats) -> FacetParameters:
    """Return equal raters, and thresholds at the logits of the pooled level shares.

    Args:
        n_raters: R.
        level_counts: (V,) number of ratings per level.
    """
    shares = (level_counts + 1) / (level_counts + 1).sum()
    above = 1 - np.cumsum(shares)[:-1]
    return FacetParameters(
        severity=np.zeros(n_raters),
        log_discrimination=np.full(n_raters, np.log(START_DISCRIMINATION)),
        thresholds=np.log((1 - above) / above) / START_DISCRIMINATION,
    )


START_DISCRIMINATION = 1.7


def chain_thresholds(gradient: Floats, parameters: FacetParameters) -> Floats:
    """Turn the (V - 1,) gradient by thresholds into that by τ₁ and the logs of the gaps."""
    later = np.cumsum(gradient[::-1])[::-1]
    return np.concatenate([later[:1], later[1:] * np.diff(parameters.thresholds)])


def recentred(parameters: FacetParameters, weights: Floats) -> FacetParameters:
    """Move the mean severity, weighted by (R,) ratings, into the thresholds: nothing else moves."""
    mean = float(weights @ parameters.severity / weights.sum())
    return FacetParameters(
        severity=parameters.severity - mean,
        log_discrimination=parameters.log_discrimination,
        thresholds=parameters.thresholds + mean,
    )
