"""Gwet's standard errors, units taken as independent: for published tables and comparison.

The dashboard's intervals cluster by item instead (`intervals`); these reproduce the printed
output of Gwet (2014) and of the R package irrCAC.
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analytics.agreement.coefficients import Statistic
from analytics.agreement.evidence import DenseEvidence, Evidence, SparseEvidence
from analytics.agreement.layout import PAIR, Floats
from analytics.agreement.parted import PartedSums
from analytics.agreement.weights import DeclaredWeights, Weights, as_matrix
from analytics.scales import Scale


def gwet_standard_error(statistic: Statistic, evidence: Evidence) -> float | None:
    """Linearised standard error of pa, Fleiss, AC1/AC2 or Brennan-Prediger over U rated units.

    Gwet's convention: a unit with one rating scores zero agreement in its own term, so the
    coefficient itself is added to pairable units' terms and taken from single ones'.

    Args:
        statistic: function of (…, K) sums.
        evidence: of the table.

    Returns:
        The standard error, or None where the statistic is undefined or there is one unit.
    """
    n_units, value = evidence.n_units_with(1), float(np.real(statistic(evidence.total)))
    if n_units <= 1 or not math.isfinite(value):
        return None
    terms, times, pairable = evidence.unit_terms(statistic, 1)
    terms = terms + value * (pairable / (times @ pairable) - 1 / n_units)
    return math.sqrt(n_units / (n_units - 1) * float(times @ np.square(terms)))


def alpha_standard_error(
    evidence: Evidence, weights: Weights, *, chance_terms: int = 2
) -> float | None:
    """Gwet's linearised standard error of Krippendorff's α with fixed weights.

    Args:
        evidence: of the table.
        weights: agreement weights, a matrix of all declared levels or those of the evidence's
            scale: identity for nominal, quadratic for interval α.
        chance_terms: two as in irrCAC's function of raw ratings; one as in its function of
            distributions of raters, which counts the chance term's derivative once.

    Returns:
        The standard error, or None where α is undefined or there is one pairable unit.
    """
    kept = evidence.ratings_per_unit >= PAIR
    raters, times = evidence.ratings_per_unit[kept].astype(np.float64), evidence.multiplicity[kept]
    n_units = int(times.sum())
    if n_units <= 1:
        return None
    counts, shares = _pairable_units(evidence, kept, weights)
    mean_raters = float(times @ raters) / n_units
    margins = counts.T @ times / (n_units * mean_raters)
    pull = _pull(margins, weights, evidence.scale)
    by_chance = float(margins @ pull)
    if by_chance >= 1:
        return None
    agreement = shares * raters / mean_raters
    observed = float(times @ agreement) / n_units
    correction = 1 / (n_units * mean_raters)
    corrected = (1 - correction) * observed + correction
    excess = (raters - mean_raters) / mean_raters
    chance = counts @ pull / mean_raters - by_chance * excess - by_chance
    if chance_terms == 1:
        agreement = (1 - correction) * agreement + correction
        slope = (1 - corrected) / (1 - by_chance)
    else:
        slope = (1 - observed) / (1 - by_chance)
    terms = agreement - corrected * excess - chance_terms * slope * chance
    centred = (terms - times @ terms / n_units) / (1 - by_chance)
    return math.sqrt(float(times @ np.square(centred)) / (n_units * (n_units - 1)))


def _pairable_units(
    evidence: Evidence, kept: NDArray[np.bool_], weights: Weights
) -> tuple[Floats | sparse.csr_array, Floats]:
    """(P', V) level counts and (P',) weighted shares of agreeing pairs of the pairable units."""
    raters: Floats = evidence.ratings_per_unit[kept].astype(np.float64)
    if isinstance(evidence, SparseEvidence):
        if not isinstance(weights, DeclaredWeights):
            raise TypeError("evidence on many levels needs the weights of its scale, not a matrix")
        units = evidence.units[kept]
        alone = PartedSums(units.layout, np.zeros(units.layout.size), units)
        shares = np.asarray(alone.agreeing(weights), dtype=np.float64)
        return sparse.csr_array(sparse.diags_array(raters) @ units.margins), shares
    if not isinstance(evidence, DenseEvidence):
        raise TypeError(f"no units in {type(evidence).__name__}")
    counts = evidence.counts[kept].astype(np.float64)
    pairs = (counts * (counts @ _present(weights, evidence.scale) - 1)).sum(axis=1)
    return counts, pairs / (raters * (raters - 1))


def _pull(margins: Floats, weights: Weights, scale: Scale) -> Floats:
    """(V,) mean weight of each level with the margins."""
    if isinstance(weights, DeclaredWeights):
        return weights.times(margins)
    return np.asarray(_present(weights, scale) @ margins)


def _present(weights: Weights, scale: Scale) -> Floats:
    """(V, V) weights of the levels of a scale, out of those of all declared ones."""
    found = as_matrix(weights)
    return found if len(found) == len(scale) else found[np.ix_(scale.ranks, scale.ranks)]
