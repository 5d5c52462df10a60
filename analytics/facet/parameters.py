"""Parameters of the facet model as one vector and as named arrays; for `likelihood` and `fit`.

P(level ≥ v | quality q, rater r) = σ(aᵣ (q - bᵣ) - τᵥ), q ~ N(0, 1): severity bᵣ shifts and
discrimination aᵣ sharpens, while the thresholds stay: a rater who answers at random has aᵣ = 0.
Fitted are aᵣ and the location cᵣ = aᵣ bᵣ, in which the logits are linear. Thresholds increase:
τ₁ free, then exponentials of their gaps.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.agreement.sums.layout import Floats

START_DISCRIMINATION = 1.7
# A logistic curve averaged over a normal quality is about a logistic one, flatter by this much
# at a discrimination of 1.7, where the two distributions have the same spread.
FLATTER = np.sqrt(2.0)


@dataclass(frozen=True, eq=False)
class FacetParameters:
    """Named parameters.

    Attributes:
        discrimination: (R,) a; zero for answers that do not depend on quality, below zero for a
            scale that is read backwards.
        location: (R,) c = a b, in logits: positive rates lower.
        thresholds: (V - 1,) τ, increasing, in logits.
    """

    discrimination: Floats
    location: Floats
    thresholds: Floats


def pack(parameters: FacetParameters) -> Floats:
    """Return the (2R + V - 1,) vector."""
    return np.concatenate(
        [
            parameters.discrimination,
            parameters.location,
            parameters.thresholds[:1],
            np.log(np.diff(parameters.thresholds)),
        ]
    )


def unpack(vector: Floats, n_raters: int) -> FacetParameters:
    """Return the named parameters of a vector."""
    free = vector[2 * n_raters :]
    steps = np.concatenate([free[:1], np.exp(free[1:])])
    return FacetParameters(
        discrimination=vector[:n_raters],
        location=vector[n_raters : 2 * n_raters],
        thresholds=np.cumsum(steps),
    )


def start_values(n_raters: int, level_counts: Floats) -> FacetParameters:
    """Return equal raters, and thresholds that give the pooled level shares.

    Args:
        n_raters: R.
        level_counts: (V,) number of ratings per level.
    """
    shares = (level_counts + 1) / (level_counts + 1).sum()
    above = 1 - np.cumsum(shares)[:-1]
    return FacetParameters(
        discrimination=np.full(n_raters, START_DISCRIMINATION),
        location=np.zeros(n_raters),
        thresholds=FLATTER * np.log((1 - above) / above),
    )


def chain_thresholds(gradient: Floats, parameters: FacetParameters) -> Floats:
    """Turn the (V - 1,) gradient by thresholds into that by τ₁ and the logs of the gaps."""
    later = np.cumsum(gradient[::-1])[::-1]
    return np.concatenate([later[:1], later[1:] * np.diff(parameters.thresholds)])


def rater_weights(parameters: FacetParameters, given: Floats) -> Floats:
    """How much each rater counts in the average rater: (R,) ratings given times discrimination.

    So a rater whose answers do not depend on quality, because they are random or always the same,
    has no weight in the average. Equal weights where no rater discriminates.
    """
    weights = given * np.maximum(parameters.discrimination, 0)
    return weights / weights.sum() if weights.sum() > 0 else np.full(len(given), 1 / len(given))


def recentred(parameters: FacetParameters, given: Floats) -> FacetParameters:
    """Move the mean location by `rater_weights` into the thresholds: no probability moves.

    The average rater's location, and so its severity, is zero afterwards: Σ nᵣ aᵣ² bᵣ = 0.

    Args:
        parameters: as fitted.
        given: (R,) number of ratings of each rater.
    """
    mean = float(rater_weights(parameters, given) @ parameters.location)
    return FacetParameters(
        discrimination=parameters.discrimination,
        location=parameters.location - mean,
        thresholds=parameters.thresholds + mean,
    )


def average_rater(parameters: FacetParameters, given: Floats) -> FacetParameters:
    """The rater whose logits are the mean of all raters' logits by `rater_weights`; R = 1."""
    weights = rater_weights(parameters, given)
    return FacetParameters(
        discrimination=np.array([weights @ parameters.discrimination]),
        location=np.array([weights @ parameters.location]),
        thresholds=parameters.thresholds,
    )


def with_average(parameters: FacetParameters, whose: NDArray[np.bool_]) -> FacetParameters:
    """Give the raters of a (R,) mask, who have no ratings left, what the priors say: the means."""
    rest = ~whose
    return FacetParameters(
        np.where(whose, parameters.discrimination[rest].mean(), parameters.discrimination),
        np.where(whose, parameters.location[rest].mean(), parameters.location),
        parameters.thresholds,
    )
