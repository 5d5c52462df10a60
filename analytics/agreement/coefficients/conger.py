"""Conger's κ: Cohen's κ for several raters, chance from each rater's own margins."""

import math
from dataclasses import dataclass

import numpy as np

from analytics.agreement.coefficients.chance_corrected import ROUNDING, observed_agreement
from analytics.agreement.coefficients.sparse_agreement import agreeing_pairs
from analytics.agreement.coefficients.weights import DeclaredWeights, Weighting
from analytics.agreement.sums.layout import Floats
from analytics.agreement.sums.parted_sums import PartedSums
from analytics.agreement.sums.present_levels import on_present_levels
from analytics.agreement.sums.sparse_vectors import level_counts, unit_vectors
from analytics.estimates import Estimate, Reason
from analytics.tables import RatingTable


@dataclass(frozen=True)
class CongerEstimate:
    """Conger's κ with Gwet's linearised standard error over units, None if undefined."""

    estimate: Estimate
    standard_error: float | None


def conger_kappa(table: RatingTable, weighting: Weighting) -> CongerEstimate:
    """Compute Conger's κ (1980), missing ratings allowed as in Gwet (2014), chapter 2.

    Chance agreement is Σ w (p̄ p̄ᵀ - S / R) with p̄ and S the mean and covariance of the raters'
    margins; two complete raters give Cohen's κ.
    """
    few = _rated_units(on_present_levels(table))
    weights = DeclaredWeights(weighting, few.scale)
    units = unit_vectors(few.scale, level_counts(few))
    total = PartedSums(units.layout, units.total())
    if total.n_pairable == 0:
        return CongerEstimate(Estimate(None, Reason.NO_OVERLAP), None)
    if len(np.unique(few.level)) == 1:
        return CongerEstimate(Estimate(None, Reason.NO_VARIATION), None)
    margins, given = _rater_margins(few)
    by_chance = _chance(margins, weights)
    if abs(1 - by_chance) < ROUNDING:
        return CongerEstimate(Estimate(None, Reason.NO_VARIATION), None)
    observed = float(np.real(observed_agreement(total, weights)))
    kappa = (observed - by_chance) / (1 - by_chance)
    alone = PartedSums(units.layout, np.zeros(units.layout.size), units)
    shares = agreeing_pairs(alone, weights)
    pairable = units.n_pairable
    return CongerEstimate(
        Estimate(kappa),
        _standard_error(
            pairable * (shares - by_chance) / np.mean(pairable) / (1 - by_chance),
            (_chance_terms(few, margins, given, weights) - by_chance) / (1 - by_chance),
            kappa,
        ),
    )


def _rated_units(table: RatingTable) -> RatingTable:
    """The same ratings without unrated units, which are not units of the sample."""
    rated, unit = np.unique(table.unit, return_inverse=True)
    return RatingTable.from_indices(
        unit=unit,
        rater=table.rater,
        level=table.level,
        scale=table.scale,
        unit_item=np.arange(len(rated)),
    )


def _rater_margins(table: RatingTable) -> tuple[Floats, Floats]:
    """(R, V) level shares and (R,) number of ratings of each rater with any."""
    n_levels = len(table.scale)
    cells = np.bincount(table.rater * n_levels + table.level, minlength=table.n_raters * n_levels)
    counts = cells.reshape(table.n_raters, n_levels).astype(np.float64)
    given = counts.sum(axis=1)
    margins = np.divide(counts, given[:, None], out=np.zeros_like(counts), where=given[:, None] > 0)
    return margins, given


def _chance(margins: Floats, weights: DeclaredWeights) -> float:
    """Σ w (p̄ p̄ᵀ - S / R) = (R² p̄ᵀ W p̄ - Σ pᵀ W p) / (R (R - 1)) over the raters' margins p."""
    present = margins[margins.sum(axis=1) > 0]
    n_raters, summed = len(present), present.sum(axis=0)
    own = float((present * weights.times(present)).sum())
    both = float(summed @ weights.times(summed))
    return (both - own) / (n_raters * (n_raters - 1))


def _chance_terms(
    table: RatingTable, margins: Floats, given: Floats, weights: DeclaredWeights
) -> Floats:
    """(U,) each unit's linear term of the chance agreement."""
    present = given > 0
    n_raters, n_units = int(present.sum()), table.n_units
    others = margins[present].sum(axis=0) - margins
    pull = weights.times(others)
    mean_pull = (pull * margins).sum(axis=1)
    scale = np.divide(n_units, given, out=np.zeros_like(given), where=present)
    per_rating = scale[table.rater] * (pull[table.rater, table.level] - mean_pull[table.rater])
    summed = np.bincount(table.unit, weights=per_rating, minlength=n_units)
    return np.asarray((summed + mean_pull[present].sum()) / (n_raters * (n_raters - 1)))


def _standard_error(agreement: Floats, chance: Floats, kappa: float) -> float | None:
    n_units = len(agreement)
    if n_units <= 1:
        return None
    terms = agreement - 2 * (1 - kappa) * chance
    return math.sqrt(float(np.square(terms - kappa).sum()) / (n_units * (n_units - 1)))
