"""The form a (q - b - τ), whose thresholds shrink with a; only for the comparison in `facet`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from analytics.facet.likelihood import (
    TINY,
    Curves,
    Design,
    Quadrature,
    expected_counts,
    logit_slopes,
    posterior,
)
from analytics.tables import RatingTable

Floats = NDArray[np.float64]
# Standard deviations of the priors on b and on log a around its mean, and where log a begins.
SEVERITY_SD, LOG_SD, START = 1.0, 0.5, np.log(1.7)


@dataclass(frozen=True, eq=False)
class Shrinking:
    """(R,) discriminations, and (U,) expected places on the scale for the average rater."""

    discrimination: Floats
    scores: Floats


def fit_shrinking(table: RatingTable) -> Shrinking:
    """Fit it by the same quadrature and search as `analytics.facet`."""
    design, quadrature = Design.of(table), Quadrature.normal(15)
    shares = np.bincount(table.level, minlength=design.n_levels) / table.n_ratings
    above = 1 - np.cumsum(shares)[:-1]
    cuts = np.log((1 - above) / above) / np.exp(START)
    start = np.concatenate(
        [np.zeros(table.n_raters), np.full(table.n_raters, START), cuts[:1], np.log(np.diff(cuts))]
    )
    found = minimize(
        _objective,
        start,
        args=(design, quadrature),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 300, "ftol": 1e-9, "gtol": 1e-3},
    )
    severity, log_sharp, cuts = _unpack(found.x, table.n_raters)
    curves = _curves(severity, log_sharp, cuts, quadrature)
    weights, _ = posterior(design, curves, quadrature)
    mean = np.bincount(table.rater) @ severity / table.n_ratings
    average = _curves(np.zeros(1), log_sharp.mean(keepdims=True), cuts + mean, quadrature)
    places = np.arange(design.n_levels) @ average.shares[0]
    return Shrinking(np.exp(log_sharp), weights @ places)


def _unpack(vector: Floats, n_raters: int) -> tuple[Floats, Floats, Floats]:
    free = vector[2 * n_raters :]
    cuts = np.cumsum(np.concatenate([free[:1], np.exp(free[1:])]))
    return vector[:n_raters], vector[n_raters : 2 * n_raters], cuts


def _gap(severity: Floats, cuts: Floats, quadrature: Quadrature) -> Floats:
    return np.asarray(quadrature.nodes - severity[:, None, None] - cuts[:, None])


def _curves(severity: Floats, log_sharp: Floats, cuts: Floats, quadrature: Quadrature) -> Curves:
    inner = expit(np.exp(log_sharp)[:, None, None] * _gap(severity, cuts, quadrature))
    ends = (len(inner), 1, inner.shape[2])
    above = np.concatenate([np.ones(ends), inner, np.zeros(ends)], axis=1)
    return Curves(above, np.log(np.maximum(above[:, :-1] - above[:, 1:], TINY)))


def _objective(vector: Floats, design: Design, quadrature: Quadrature) -> tuple[float, Floats]:
    severity, log_sharp, cuts = _unpack(vector, design.n_raters)
    found = _curves(severity, log_sharp, cuts, quadrature)
    weights, log_likelihood = posterior(design, found, quadrature)
    slopes = logit_slopes(found, expected_counts(design, weights))
    scaled = slopes * np.exp(log_sharp)[:, None, None]
    spread = log_sharp - log_sharp.mean()
    penalty = np.square(severity / SEVERITY_SD).sum() + np.square(spread / LOG_SD).sum()
    later = np.cumsum(scaled.sum(axis=(0, 2))[::-1])[::-1]
    gradient = np.concatenate(
        [
            severity / SEVERITY_SD**2 + scaled.sum(axis=(1, 2)),
            spread / LOG_SD**2 - (scaled * _gap(severity, cuts, quadrature)).sum(axis=(1, 2)),
            later[:1],
            later[1:] * np.diff(cuts),
        ]
    )
    return float(penalty / 2 - log_likelihood.sum()), gradient
