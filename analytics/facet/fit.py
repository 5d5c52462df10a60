"""Fits the facet model and returns severities, discriminations and facet scores."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from analytics.agreement.layout import Floats
from analytics.facet.errors import clustered_errors
from analytics.facet.likelihood import (
    TINY,
    Design,
    Priors,
    Quadrature,
    curves,
    objective,
    posterior,
)
from analytics.facet.parameters import (
    FacetParameters,
    pack,
    recentred,
    start_values,
    unpack,
)
from analytics.tables import RatingTable

FEWEST_RATERS = 2
THOUSANDTHS = 1000


@dataclass(frozen=True)
class FacetOptions:
    """How to fit.

    Attributes:
        n_nodes: quadrature nodes of quality.
        priors: weak priors on the raters.
        tolerance: relative improvement at which the search stops.
        max_iterations: after which it stops without having converged.
    """

    n_nodes: int = 15
    priors: Priors = field(default_factory=Priors)
    tolerance: float = 1e-9
    max_iterations: int = 300


@dataclass(frozen=True, eq=False)
class FacetFit:
    """A fitted facet model of one dimension.

    Attributes:
        rater_labels: names of the R raters.
        severity: (R,) in standard deviations of quality; positive rates lower; mean zero.
        severity_error: (R,) standard errors, clustered by item.
        discrimination: (R,) positive; near zero for a rater who does not tell candidates apart.
        log_discrimination_error: (R,) standard errors of its logarithm.
        thresholds: (V - 1,) qualities at which the average rater moves to the next level.
        quality: (U,) posterior mean of each unit's quality.
        quality_sd: (U,) its posterior standard deviation.
        score_thousandths: (U,) facet score: the expected level value for an average rater, in
            integer thousandths; -1 for a unit without ratings.
        level_entropy: (U,) entropy, in bits, of the level that an average rater would give: high
            where the ratings leave the outcome open.
        log_likelihood: marginal log likelihood at the estimate.
        n_iterations: steps of the search.
        converged: whether it stopped by itself.
    """

    rater_labels: Sequence[Hashable]
    severity: Floats
    severity_error: Floats
    discrimination: Floats
    log_discrimination_error: Floats
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
    Sources: Linacre (1989), Many-Facet Rasch Measurement; Samejima (1969), graded response.

    Raises:
        ValueError: fewer than two raters.
    """
    chosen = options or FacetOptions()
    if len(np.unique(table.rater)) < FEWEST_RATERS:
        raise ValueError("the facet model needs ratings by at least two raters")
    quadrature, design = Quadrature.normal(chosen.n_nodes), Design.of(table)
    levels = np.bincount(table.level, minlength=design.n_levels).astype(np.float64)
    found = minimize(
        objective,
        pack(start_values(table.n_raters, levels)),
        args=(design, quadrature, chosen.priors),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": chosen.max_iterations, "ftol": chosen.tolerance, "gtol": 1e-3},
    )
    given = np.bincount(table.rater, minlength=table.n_raters).astype(np.float64)
    parameters = recentred(unpack(found.x, table.n_raters), given)
    weights, log_likelihood = posterior(design, curves(parameters, quadrature.nodes), quadrature)
    severity_error, discrimination_error = clustered_errors(
        table, parameters, weights, quadrature, chosen.priors
    )
    levels_given = _levels_of_average_rater(parameters, weights, quadrature)
    mean = weights @ quadrature.nodes
    square = weights @ np.square(quadrature.nodes)
    return FacetFit(
        rater_labels=table.rater_labels,
        severity=parameters.severity,
        severity_error=severity_error,
        discrimination=parameters.discrimination,
        log_discrimination_error=discrimination_error,
        thresholds=parameters.thresholds,
        quality=mean,
        quality_sd=np.sqrt(np.maximum(square - np.square(mean), 0)),
        score_thousandths=_scores(table, levels_given),
        level_entropy=-(levels_given * np.log2(np.maximum(levels_given, TINY))).sum(axis=1),
        log_likelihood=float(log_likelihood.sum()),
        n_iterations=int(found.nit),
        converged=bool(found.success),
    )


def _levels_of_average_rater(
    parameters: FacetParameters, weights: Floats, quadrature: Quadrature
) -> Floats:
    """(U, V) probability of each level from a rater of mean severity and discrimination."""
    average = FacetParameters(
        severity=np.zeros(1),
        log_discrimination=parameters.log_discrimination.mean(keepdims=True),
        thresholds=parameters.thresholds,
    )
    return np.asarray(weights @ curves(average, quadrature.nodes).shares[0].T)


def _scores(table: RatingTable, levels_given: Floats) -> NDArray[np.int64]:
    """(U,) expected level value, rounded half up to thousandths."""
    expected = levels_given @ np.asarray(table.scale.values)
    thousandths = np.floor(expected * THOUSANDTHS + 1 / 2).astype(np.int64)
    rated = np.bincount(table.unit, minlength=table.n_units) > 0
    return np.where(rated, thousandths, -1)
