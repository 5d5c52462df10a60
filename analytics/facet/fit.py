"""Fits the facet model and returns severities, discriminations and facet scores."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.agreement.sums.layout import Floats
from analytics.facet.aside import fit_without_aside, own_discrimination
from analytics.facet.errors import clustered_errors, severities
from analytics.facet.likelihood import TINY, Quadrature, curves
from analytics.facet.parameters import average_rater
from analytics.facet.search import FacetOptions
from analytics.limits import FEWEST_RATERS
from analytics.t_intervals import normal_quantile
from analytics.tables import RatingTable

THOUSANDTHS = 1000
Z = normal_quantile()


@dataclass(frozen=True, eq=False)
class FacetFit:
    """A fitted facet model of one dimension.

    The average rater has severity zero and the discrimination that the raters have on average,
    each weighted by ratings given times discrimination (`rater_weights`). Raters whose levels do
    not follow quality are set aside (`aside`): they have no part in it, nor in anyone's score.

    Attributes:
        rater_labels: names of the R raters.
        severity: (R,) in standard deviations of quality; positive rates lower; the average rater's
            is zero. Zero, too, where the discrimination is not distinguishable from zero: levels
            that do not depend on quality have no position on its scale.
        severity_error: (R,) standard errors, clustered by item; infinite there.
        severity_low: (R,) lower 95 % bound, by Fieller; minus infinity there.
        severity_high: (R,) upper 95 % bound; infinity there.
        discrimination: (R,) logits per standard deviation of quality; near zero for a rater who
            does not distinguish candidates, below zero for one who reads the scale backwards.
        discrimination_error: (R,) standard errors, clustered by item; infinite for a rater set
            aside whose levels are all alike.
        is_aside: (R,) whether a rater's own shares of levels explain their levels better than
            quality does.
        thresholds: (V - 1,) logits at which the average rater moves to the next level: at quality
            q the logit of a level of v or above is discrimination · (q - severity) - threshold.
        quality: (U,) posterior mean of each unit's quality.
        quality_sd: (U,) its posterior standard deviation.
        score_thousandths: (U,) facet score: the expected level value for the average rater, in
            integer thousandths; -1 for a unit without ratings.
        level_entropy: (U,) entropy, in bits, of the level that the average rater would give: high
            where the ratings leave the outcome open.
        log_likelihood: marginal log likelihood at the estimate, without the raters set aside.
        n_iterations: steps of the last search.
        converged: whether it stopped by itself.
    """

    rater_labels: Sequence[Hashable]
    severity: Floats
    severity_error: Floats
    severity_low: Floats
    severity_high: Floats
    discrimination: Floats
    discrimination_error: Floats
    is_aside: NDArray[np.bool_]
    thresholds: Floats
    quality: Floats
    quality_sd: Floats
    score_thousandths: NDArray[np.int64]
    level_entropy: Floats
    log_likelihood: float
    n_iterations: int
    converged: bool


def fit_facets(table: RatingTable, options: FacetOptions | None = None) -> FacetFit:
    """Fit severity, discrimination, thresholds and quality to one dimension's ratings.

    Marginal maximum a posteriori by Gauss-Hermite quadrature and L-BFGS; deterministic.
    Sources: Linacre (1989), Many-Facet Rasch Measurement; Samejima (1969), graded response, with
    thresholds common to all raters.

    Raises:
        ValueError: fewer than two raters.
    """
    chosen = options or FacetOptions()
    if len(np.unique(table.rater)) < FEWEST_RATERS:
        raise ValueError("the facet model needs ratings by at least two raters")
    quadrature = Quadrature.normal(chosen.n_nodes)
    mode, aside = fit_without_aside(table, quadrature, chosen)
    kept = table.keep(~aside[table.rater])
    errors = clustered_errors(kept, mode.parameters, mode.weights, quadrature, chosen.priors)
    discrimination, variance = mode.parameters.discrimination.copy(), errors.discrimination.copy()
    for rater in np.flatnonzero(aside).tolist():
        discrimination[rater], variance[rater] = own_discrimination(
            table, rater, mode, quadrature, chosen
        )
    severity = severities(mode.parameters, errors, ~aside, Z)
    given = np.bincount(kept.rater, minlength=table.n_raters).astype(np.float64)
    average = curves(average_rater(mode.parameters, given), quadrature.nodes)
    levels_given = np.asarray(mode.weights @ average.shares[0].T)
    mean = mode.weights @ quadrature.nodes
    square = mode.weights @ np.square(quadrature.nodes)
    return FacetFit(
        rater_labels=table.rater_labels,
        severity=severity.value,
        severity_error=severity.error,
        severity_low=severity.low,
        severity_high=severity.high,
        discrimination=discrimination,
        discrimination_error=np.sqrt(variance),
        is_aside=aside,
        thresholds=mode.parameters.thresholds,
        quality=mean,
        quality_sd=np.sqrt(np.maximum(square - np.square(mean), 0)),
        score_thousandths=_scores(table, levels_given),
        level_entropy=-(levels_given * np.log2(np.maximum(levels_given, TINY))).sum(axis=1),
        log_likelihood=mode.log_likelihood,
        n_iterations=mode.n_iterations,
        converged=mode.converged,
    )


def _scores(table: RatingTable, levels_given: Floats) -> NDArray[np.int64]:
    """(U,) expected level value, rounded half up to thousandths."""
    expected = levels_given @ np.asarray(table.scale.values)
    thousandths = np.floor(expected * THOUSANDTHS + 1 / 2).astype(np.int64)
    rated = np.bincount(table.unit, minlength=table.n_units) > 0
    return np.where(rated, thousandths, -1)
