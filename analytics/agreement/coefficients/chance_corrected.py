"""Chance-corrected agreement (pa - pe) / (1 - pe) from sums: Fleiss, Gwet, Brennan-Prediger.

All take (…, K) sums, dense or parted, and weights, and return (…,) values, NaN where undefined.
Weights are a (V, V) matrix or those of a scale; the latter know the declared levels, of which the
sums may hold only those that are present.
Source: Gwet (2014), Handbook of Inter-Rater Reliability, 4th edition, chapters 2 to 4.
"""

import numpy as np

from analytics.agreement.coefficients.sparse_agreement import agreeing_pairs
from analytics.agreement.coefficients.weights import (
    DeclaredWeights,
    Weighting,
    Weights,
    as_matrix,
    total_and_number,
)
from analytics.agreement.sums.layout import Layout, Sums
from analytics.agreement.sums.parted_sums import AnySums, PartedSums

# Margins are sums of fractions: certain agreement by chance may miss one by rounding.
ROUNDING = 1e-12


def observed_agreement(sums: AnySums, weights: Weights) -> Sums:
    """Mean over pairable units of the weighted share of agreeing pairs, pa."""
    if isinstance(sums, PartedSums):
        return _divide(agreeing_pairs(sums, _of_scale(weights)), sums.n_pairable)
    matrix = as_matrix(weights)
    layout = Layout(len(matrix))
    shares, n_pairable = layout.proportions(sums), layout.n_pairable(sums)
    agreeing = np.einsum("...ck,ck->...", shares, matrix)
    if np.isrealobj(sums):
        # Without any disagreeing pair agreement is one, not one less a rounding error.
        apart = np.einsum("...ck,ck->...", shares, (matrix < 1).astype(np.float64))
        agreeing = np.where(apart == 0, n_pairable, agreeing)
    return _divide(agreeing, n_pairable)


def mean_margins(sums: Sums, n_levels: int) -> Sums:
    """(…, V) mean over rated units of the level shares, π."""
    layout = Layout(n_levels)
    return _divide(layout.margins(sums), layout.n_rated(sums)[..., None])


def fleiss_kappa(sums: AnySums, weights: Weights) -> Sums:
    """Gwet's generalisation of Fleiss' κ: pe = Σ w_kl π_k π_l; any number of raters per unit.

    With equal numbers of raters it is that of Fleiss (1971); the example is Wikipedia's.

    >>> counts = [
    ...     *([0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0]),
    ...     *([2, 2, 8, 1, 1], [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2]),
    ...     *([6, 5, 2, 1, 0], [0, 2, 2, 3, 7]),
    ... ]
    >>> sums = Layout(5).vectors(np.array(counts)).sum(axis=0)
    >>> round(float(fleiss_kappa(sums, np.eye(5))), 3)
    0.21
    """
    if isinstance(sums, PartedSums):
        if _of_scale(weights).weighting is not Weighting.IDENTITY:
            raise ValueError("parted sums give Fleiss' kappa without weights only")
        by_chance = _divide(sums.margin_squares, np.square(sums.n_rated))
    else:
        matrix = as_matrix(weights)
        margins = mean_margins(sums, len(matrix))
        by_chance = np.einsum("...c,...k,ck->...", margins, margins, matrix)
    return corrected(observed_agreement(sums, weights), by_chance)


def gwet_ac(sums: AnySums, weights: Weights) -> Sums:
    """Gwet's AC1 (identity weights) or AC2: pe = Σw / (V (V - 1)) · Σ π_k (1 - π_k).

    The example, one disagreement in 23 ratings, has α = 0 and AC1 near its agreement of .92.

    >>> counts = [[0, 0, 5, 0], [0, 0, 4, 0], [0, 0, 4, 0], [0, 0, 4, 0], [1, 0, 4, 0]]
    >>> sums = Layout(4).vectors(np.array(counts)).sum(axis=0)
    >>> round(float(gwet_ac(sums, np.eye(4))), 3)
    0.918
    """
    total, n_levels = total_and_number(weights)
    if isinstance(sums, PartedSums):
        rated = sums.n_rated
        spread = _divide(sums.margin_total * rated - sums.margin_squares, np.square(rated))
    else:
        margins = mean_margins(sums, len(as_matrix(weights)))
        spread = (margins * (1 - margins)).sum(axis=-1)
    by_chance = total / (n_levels * (n_levels - 1)) * spread
    return corrected(observed_agreement(sums, weights), by_chance)


def brennan_prediger(sums: AnySums, weights: Weights) -> Sums:
    """Brennan and Prediger's κ (Randolph's free-marginal κ): pe = Σw / V².

    The example is that of Randolph's calculator.

    >>> sums = Layout(2).vectors(np.array([[7, 1], [3, 5]])).sum(axis=0)
    >>> round(float(brennan_prediger(sums, np.eye(2))), 4)
    0.2143
    """
    observed = observed_agreement(sums, weights)
    total, n_levels = total_and_number(weights)
    return corrected(observed, np.full_like(observed, total / n_levels**2))


def corrected(observed: Sums, by_chance: Sums) -> Sums:
    """(pa - pe) / (1 - pe), NaN where chance alone agrees always."""
    room = 1 - by_chance
    return _divide(observed - by_chance, np.where(np.abs(room) < ROUNDING, 0, room))


def _of_scale(weights: Weights) -> DeclaredWeights:
    if not isinstance(weights, DeclaredWeights):
        raise TypeError("parted sums need the weights of a scale, not a matrix")
    return weights


def _divide(numerator: Sums, denominator: Sums) -> Sums:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(denominator == 0, np.nan, numerator / denominator)
