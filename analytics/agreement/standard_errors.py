"""Gwet's standard errors, units taken as independent: for published tables and comparison.

The dashboard's intervals cluster by item instead (`intervals`); these reproduce the printed
output of Gwet (2014) and of the R package irrCAC.
"""

import math

import numpy as np

from analytics.agreement.coefficients import Statistic
from analytics.agreement.evidence import Evidence
from analytics.agreement.gradients import gradient
from analytics.agreement.layout import PAIR, Floats


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
    rated = evidence.ratings_per_unit > 0
    vectors = evidence.layout.vectors(evidence.counts[rated])
    times = evidence.multiplicity[rated]
    n_units, value = int(times.sum()), float(np.real(statistic(evidence.total)))
    if n_units <= 1 or not math.isfinite(value):
        return None
    pairable = vectors[:, -1]
    shift = value * (pairable / (times @ pairable) - 1 / n_units)
    terms = vectors @ gradient(statistic, evidence.total) + shift
    return math.sqrt(n_units / (n_units - 1) * float(times @ np.square(terms)))


def alpha_standard_error(
    evidence: Evidence, weights: Floats, *, chance_terms: int = 2
) -> float | None:
    """Gwet's linearised standard error of Krippendorff's α with fixed weights.

    Args:
        evidence: of the table.
        weights: (V, V) agreement weights: identity for nominal, quadratic for interval α.
        chance_terms: two as in irrCAC's function of raw ratings; one as in its function of
            distributions of raters, which counts the chance term's derivative once.

    Returns:
        The standard error, or None where α is undefined or there is one pairable unit.
    """
    kept = evidence.ratings_per_unit >= PAIR
    counts, times = evidence.counts[kept].astype(np.float64), evidence.multiplicity[kept]
    n_units = int(times.sum())
    if n_units <= 1:
        return None
    raters = counts.sum(axis=1)
    mean_raters = float(times @ raters) / n_units
    margins = times @ counts / (n_units * mean_raters)
    by_chance = float(margins @ weights @ margins)
    if by_chance >= 1:
        return None
    pairs = (counts * (counts @ weights - 1)).sum(axis=1)
    agreement = pairs / (mean_raters * (raters - 1))
    observed = float(times @ agreement) / n_units
    correction = 1 / (n_units * mean_raters)
    corrected = (1 - correction) * observed + correction
    excess = (raters - mean_raters) / mean_raters
    chance = counts @ weights @ margins / mean_raters - by_chance * excess - by_chance
    if chance_terms == 1:
        agreement = (1 - correction) * agreement + correction
        slope = (1 - corrected) / (1 - by_chance)
    else:
        slope = (1 - observed) / (1 - by_chance)
    terms = agreement - corrected * excess - chance_terms * slope * chance
    centred = (terms - times @ terms / n_units) / (1 - by_chance)
    return math.sqrt(float(times @ np.square(centred)) / (n_units * (n_units - 1)))
