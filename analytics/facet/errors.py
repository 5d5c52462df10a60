"""How sure the facet model is of each rater: standard errors clustered by item, and bounds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.agreement.sums.layout import Floats
from analytics.facet.information import (
    cell_scores,
    observed_information,
    rating_scores,
    summed_scores,
)
from analytics.facet.likelihood import Design, Priors, Quadrature, curves
from analytics.facet.parameters import FacetParameters, rater_weights
from analytics.tables import RatingTable


@dataclass(frozen=True, eq=False)
class RaterErrors:
    """(R,) variances of the recentred estimates, and their covariance.

    Attributes:
        discrimination: variance of a.
        location: variance of c = a b.
        together: covariance of the two.
    """

    discrimination: Floats
    location: Floats
    together: Floats


def clustered_errors(
    table: RatingTable,
    parameters: FacetParameters,
    weights: Floats,
    quadrature: Quadrature,
    priors: Priors,
) -> RaterErrors:
    """Return the raters' errors, clustered by item, at recentred parameters.

    The sandwich H⁻¹ (J + P) H⁻¹: H is the observed information plus the priors' precision P, J the
    outer products of the items' scores, so that candidates of one item may depend on each other. P
    is in the middle factor too: without ratings the error is that of the prior, and a correct model
    gives H⁻¹, the posterior variance.
    """
    n_raters = table.n_raters
    design, found = Design.of(table), curves(parameters, quadrature.nodes)
    rows = rating_scores(table, cell_scores(found, quadrature.nodes), weights)
    by_unit = summed_scores(table.unit, table.n_units, table.rater, rows, n_raters)
    by_item = summed_scores(table.item, table.n_items, table.rater, rows, n_raters)
    information = observed_information(design, found, weights, quadrature, by_unit)
    prior = priors.precision(parameters)
    outer = (by_item.T @ by_item).toarray() * table.n_items / max(table.n_items - 1, 1)
    given = np.bincount(table.rater, minlength=n_raters).astype(np.float64)
    inverse = np.linalg.pinv(information + prior, hermitian=True)
    slices = _recentring(parameters, given) @ inverse
    covariance = slices @ (outer + prior) @ slices.T
    variance = np.maximum(np.diag(covariance), 0)
    return RaterErrors(
        discrimination=variance[:n_raters],
        location=variance[n_raters:],
        together=np.diag(covariance[:n_raters, n_raters:]).copy(),
    )


def _recentring(parameters: FacetParameters, given: Floats) -> Floats:
    """(2R, 2R + V - 1) derivatives of discriminations and recentred locations."""
    n_raters = len(given)
    found = np.eye(2 * n_raters, 2 * n_raters + len(parameters.thresholds))
    weights = rater_weights(parameters, given)
    positive = np.maximum(parameters.discrimination, 0)
    share = np.divide(weights, positive, out=np.zeros(n_raters), where=positive > 0)
    found[n_raters:, n_raters : 2 * n_raters] -= weights
    found[n_raters:, :n_raters] -= share * parameters.location
    return found


@dataclass(frozen=True, eq=False)
class Severities:
    """(R,) severities b = c / a with bounds, in standard deviations of quality.

    Attributes:
        value: zero, the average, where the ratings leave it open.
        error: standard error; infinite there.
        low: lower bound; minus infinity there.
        high: upper bound; infinity there.
    """

    value: Floats
    error: Floats
    low: Floats
    high: Floats


def severities(
    parameters: FacetParameters, errors: RaterErrors, responsive: NDArray[np.bool_], z: float
) -> Severities:
    """Return severities with Fieller's bounds (1954) at z standard errors.

    Where the discrimination is less than z of its errors from zero, or a rater was set aside,
    no severity is excluded: the bounds are infinite, and so is the error.
    """
    a, c = parameters.discrimination, parameters.location
    part = z**2 * errors.discrimination / np.maximum(np.square(a), np.finfo(float).tiny)
    known = responsive & (part < 1)
    a, rest = np.where(known, a, 1.0), np.where(known, 1 - part, 1.0)
    value = np.where(known, c / a, 0.0)
    spread = _difference(errors, value)
    centre = (c / a - z**2 * errors.together / np.square(a)) / rest
    inside = np.square(centre) - (np.square(c) - z**2 * errors.location) / np.square(a) / rest
    half = np.sqrt(np.maximum(inside, 0))
    return Severities(
        value=value,
        error=np.where(known, spread / np.abs(a), np.inf),
        low=np.where(known, centre - half, -np.inf),
        high=np.where(known, centre + half, np.inf),
    )


def _difference(errors: RaterErrors, value: Floats) -> Floats:
    """(R,) standard error of c - b a at a given b."""
    variance = (
        errors.location - 2 * value * errors.together + np.square(value) * errors.discrimination
    )
    return np.sqrt(np.maximum(variance, 0))
