"""Agreeing pairs of parted sums: what the weighted coefficients ask of many levels."""

import numpy as np

from analytics.agreement.coefficients.weights import DeclaredWeights, between
from analytics.agreement.sums.layout import Sums
from analytics.agreement.sums.parted_sums import PartedSums, number_left


def agreeing_pairs(sums: PartedSums, weights: DeclaredWeights) -> Sums:
    """(G,) sums over units of the weighted shares of agreeing pairs.

    Exactly all, or zero, where all remaining pairs agree, or none does.
    """
    layout, own = sums.layout, sums.own
    of_pairs = between(weights.weighting, weights.scale, layout.rows, layout.columns)
    shares, weighted = sums.total[layout.n_pairs : 2 * layout.n_pairs], layout.times * of_pairs
    found = sums.plus(shares @ weighted, own.shares @ weighted)
    if not sums.is_step:
        some = number_left(shares, own.shares, sums.scalar, of_pairs < 1) > 0
        found = np.where(some, found, sums.plus(sums.total[-1], own.n_pairable))
        some = number_left(shares, own.shares, sums.scalar, of_pairs > 0) > 0
        found = np.where(some, found, 0.0)
    return sums.result(found)
