"""Conger's κ: Cohen's κ for several raters, chance from each rater's own margins."""

import math
from dataclasses import dataclass

import numpy as np

from analytics.agreement.chance import observed_agreement
from analytics.agreement.layout import PAIR, Floats, Layout
from analytics.agreement.patterns import unit_counts
from analytics.agreement.weights import WEIGHTS, Weighting
from analytics.estimates import Estimate, Reason
from analytics.tables import RatingTable


@dataclass(frozen=True)
class CongerEstimate:
    """Conger's κ with Gwet's linearised standard error over units, None where undefined."""

    estimate: Estimate
    standard_error: float | None


def conger_kappa(table: RatingTable, weighting: Weighting) -> CongerEstimate:
    """Compute Conger's κ (1980), missing ratings allowed as in Gwet (2014), chapter 2.

    Chance agreement is Σ w (p̄ p̄ᵀ - S / R) with p̄ and S the mean and covariance of the raters'
    margins; two complete raters give Cohen's κ.
    """
    layout, counts = Layout(len(table.scale)), unit_counts(table)
    vectors = layout.vectors(counts)
    total = vectors.sum(axis=0)
    if layout.n_pairable(total) == 0:
        return CongerEstimate(Estimate(None, Reason.NO_OVERLAP), None)
    weights = WEIGHTS[weighting](table.scale)
    margins, given = _rater_margins(table)
    by_chance = _chance(margins, weights)
    if np.count_nonzero(counts.sum(axis=0)) == 1:
        return CongerEstimate(Estimate(None, Reason.NO_VARIATION), None)
    observed = float(np.real(observed_agreement(total, weights)))
    kappa = (observed - by_chance) / (1 - by_chance)
    shares = np.asarray(observed_agreement(vectors, weights), dtype=np.float64)
    pairable = counts.sum(axis=1) >= PAIR
    return CongerEstimate(
        Estimate(kappa),
        _standard_error(
            np.where(pairable, (shares - by_chance) / np.mean(pairable), 0.0) / (1 - by_chance),
            (_chance_terms(table, margins, given, weights) - by_chance) / (1 - by_chance),
            kappa,
        ),
    )


def _rater_margins(table: RatingTable) -> tuple[Floats, Floats]:
    """(R, V) level shares and (R,) number of ratings of each rater with any."""
    n_levels = len(table.scale)
    cells = np.bincount(table.rater * n_levels + table.level, minlength=table.n_raters * n_levels)
    counts = cells.reshape(table.n_raters, n_levels).astype(np.float64)
    given = counts.sum(axis=1)
    margins = np.divide(counts, given[:, None], out=np.zeros_like(counts), where=given[:, None] > 0)
    return margins, given


def _chance(margins: Floats, weights: Floats) -> float:
    present = margins[margins.sum(axis=1) > 0]
    n_raters, mean = len(present), present.mean(axis=0)
    covariance = (present.T @ present - n_raters * np.outer(mean, mean)) / (n_raters - 1)
    return float((weights * (np.outer(mean, mean) - covariance / n_raters)).sum())


def _chance_terms(table: RatingTable, margins: Floats, given: Floats, weights: Floats) -> Floats:
    """(U,) each unit's linear term of the chance agreement."""
    present = given > 0
    n_raters, n_units = int(present.sum()), table.n_units
    others = margins[present].sum(axis=0) - margins
    pull = others @ weights
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
