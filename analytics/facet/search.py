"""Finds the mode of the facet model's posterior; for `fit` and `aside`."""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import minimize

from analytics.agreement.sums.layout import Floats
from analytics.facet.likelihood import Design, Priors, Quadrature, curves, objective, posterior
from analytics.facet.parameters import FacetParameters, pack, recentred, start_values, unpack
from analytics.tables import RatingTable


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
class Mode:
    """Where the search ended.

    Attributes:
        parameters: recentred.
        weights: (U, Q) posterior of each unit's quality.
        log_likelihood: marginal.
        n_iterations: steps of the search.
        converged: whether it stopped by itself.
    """

    parameters: FacetParameters
    weights: Floats
    log_likelihood: float
    n_iterations: int
    converged: bool


def find_mode(
    table: RatingTable,
    quadrature: Quadrature,
    options: FacetOptions,
    start: FacetParameters | None = None,
) -> Mode:
    """Search from equal raters, or from the parameters of an earlier search."""
    design = Design.of(table)
    levels = np.bincount(table.level, minlength=design.n_levels).astype(np.float64)
    given = np.bincount(table.rater, minlength=table.n_raters).astype(np.float64)
    found = minimize(
        objective,
        pack(start or start_values(table.n_raters, levels)),
        args=(design, quadrature, options.priors),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": options.max_iterations, "ftol": options.tolerance, "gtol": 1e-3},
    )
    parameters = recentred(unpack(found.x, table.n_raters), given)
    weights, parts = posterior(design, curves(parameters, quadrature.nodes), quadrature)
    return Mode(parameters, weights, float(parts.sum()), int(found.nit), bool(found.success))
