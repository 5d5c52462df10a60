"""Self-consistency on hidden repeats: agreement of each annotator with their earlier self."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from analytics.agreement.coefficients.two_raters import KappaEstimate, cohen_kappa, confusion
from analytics.agreement.coefficients.weights import Weighting
from analytics.raters.binomial_shares import Share, share
from analytics.scales import Scale
from analytics.validation import Indices


@dataclass(frozen=True)
class SelfConsistency:
    """One annotator's repeated ratings.

    Attributes:
        exact: share of equal pairs.
        within_one: share of pairs at most one level apart.
        kappa: quadratic-weighted κ of the second on the first rating.
        mean_shift: second minus first, in levels; a drift if far from zero.
    """

    exact: Share
    within_one: Share
    kappa: KappaEstimate
    mean_shift: float


def self_consistency(
    raters: list[Hashable], first: Indices, second: Indices, scale: Scale
) -> dict[Hashable, SelfConsistency]:
    """Compare repeated ratings by annotator.

    Args:
        raters: (M,) annotator of each repeated rating.
        first: (M,) level index of the earlier rating.
        second: (M,) level index of the later rating of the same unit.
        scale: the declared levels.
    """
    if not len(raters) == len(first) == len(second):
        raise ValueError(f"{len(raters)} raters, {len(first)} first, {len(second)} second")
    places: dict[Hashable, list[int]] = {}
    for place, rater in enumerate(raters):
        places.setdefault(rater, []).append(place)
    return {rater: _compare(first[mine], second[mine], scale) for rater, mine in places.items()}


def _compare(first: Indices, second: Indices, scale: Scale) -> SelfConsistency:
    gap = second - first
    return SelfConsistency(
        exact=share(int((gap == 0).sum()), len(gap)),
        within_one=share(int((np.abs(gap) <= 1).sum()), len(gap)),
        kappa=cohen_kappa(confusion(first, second, len(scale)), scale, Weighting.QUADRATIC),
        mean_shift=float(gap.mean()),
    )
