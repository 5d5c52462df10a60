"""Marginal log likelihood of the facet model by quadrature over quality, with its gradient."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import expit

from analytics.agreement.layout import Floats
from analytics.agreement.patterns import Integers
from analytics.facet.parameters import FacetParameters, chain_thresholds, unpack
from analytics.tables import RatingTable

TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Quadrature:
    """Nodes and weights of the standard normal distribution of quality.

    Attributes:
        nodes: (Q,) qualities.
        log_weights: (Q,) log probabilities.
    """

    nodes: Floats
    log_weights: Floats

    @classmethod
    def normal(cls, n_nodes: int) -> "Quadrature":
        """Gauss-Hermite nodes."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(n_nodes)
        return cls(nodes, np.log(weights / weights.sum()))


@dataclass(frozen=True, eq=False)
class Design:
    """The ratings as a sparse (U, R · V) matrix of which rater gave which level to which unit.

    Attributes:
        chosen: that matrix.
        n_raters: R.
        n_levels: V.
    """

    chosen: sparse.csr_array
    n_raters: int
    n_levels: int

    @classmethod
    def of(cls, table: RatingTable) -> "Design":
        """Build it from a table."""
        n_levels = len(table.scale)
        shape = (table.n_units, table.n_raters * n_levels)
        cells = (table.unit, table.rater * n_levels + table.level)
        return cls(
            sparse.csr_array((np.ones(table.n_ratings), cells), shape=shape),
            table.n_raters,
            n_levels,
        )


@dataclass(frozen=True, eq=False)
class Curves:
    """Level probabilities at the nodes.

    Attributes:
        above: (R, V + 1, Q) P(level ≥ v) with the certain 1 and 0 at the ends.
        log_shares: (R, V, Q) log P(level = v).
    """

    above: Floats
    log_shares: Floats

    @property
    def shares(self) -> Floats:
        """(R, V, Q) P(level = v)."""
        return np.exp(self.log_shares)


def curves(parameters: FacetParameters, nodes: Floats) -> Curves:
    """Compute the level probabilities of every rater at (Q,) qualities."""
    gap = nodes - parameters.severity[:, None, None] - parameters.thresholds[:, None]
    inner = expit(parameters.discrimination[:, None, None] * gap)
    ends = (len(inner), 1, len(nodes))
    above = np.concatenate([np.ones(ends), inner, np.zeros(ends)], axis=1)
    return Curves(above, np.log(np.maximum(above[:, :-1] - above[:, 1:], TINY)))


def posterior(design: Design, found: Curves, quadrature: Quadrature) -> tuple[Floats, Floats]:
    """Return (U, Q) posterior weights of quality and (U,) log likelihoods of the units."""
    flat = found.log_shares.reshape(design.n_raters * design.n_levels, -1)
    joint = np.asarray(design.chosen @ flat)
    joint += quadrature.log_weights
    top = joint.max(axis=1, keepdims=True)
    weights = np.exp(joint - top)
    total = weights.sum(axis=1, keepdims=True)
    return weights / total, (top + np.log(total))[:, 0]


@dataclass(frozen=True)
class Priors:
    """Weak normal priors that keep rarely seen raters finite.

    Attributes:
        severity_sd: of the severities around zero.
        discrimination_sd: of the log discriminations around their mean.
    """

    severity_sd: float = 1.0
    discrimination_sd: float = 0.5


def objective(
    vector: Floats, design: Design, quadrature: Quadrature, priors: Priors
) -> tuple[float, Floats]:
    """Negative log posterior and its gradient.

    The gradient is that of the expected complete-data likelihood: for each rater, level and node
    the expected number of ratings times the derivative of its log probability.
    """
    parameters = unpack(vector, design.n_raters)
    found = curves(parameters, quadrature.nodes)
    weights, log_likelihood = posterior(design, found, quadrature)
    expected = np.asarray(design.chosen.T @ weights)
    expected = expected.reshape(design.n_raters, design.n_levels, -1)
    by_logit = logit_slopes(found, expected)
    severity, discrimination, thresholds = _by_parameter(by_logit, parameters, quadrature.nodes)
    spread = parameters.log_discrimination - parameters.log_discrimination.mean()
    penalty = (
        np.square(parameters.severity).sum() / priors.severity_sd**2
        + np.square(spread).sum() / priors.discrimination_sd**2
    ) / 2
    gradient = np.concatenate(
        [
            severity - parameters.severity / priors.severity_sd**2,
            discrimination - spread / priors.discrimination_sd**2,
            chain_thresholds(thresholds, parameters),
        ]
    )
    return float(penalty - log_likelihood.sum()), -gradient


def logit_slopes(found: Curves, expected: Floats) -> Floats:
    """(R, V - 1, Q) derivative of Σ expected · log P by the logit of each threshold."""
    ratio = expected / np.maximum(found.shares, TINY)
    inner = found.above[:, 1:-1]
    return np.asarray((ratio[:, 1:] - ratio[:, :-1]) * inner * (1 - inner))


def _by_parameter(
    slopes: Floats, parameters: FacetParameters, nodes: Floats
) -> tuple[Floats, Floats, Floats]:
    """Gradients by severity, log discrimination and threshold of logits a (q - b - τ)."""
    sharp = parameters.discrimination[:, None, None]
    gap = nodes - parameters.severity[:, None, None] - parameters.thresholds[:, None]
    scaled = slopes * sharp
    return (
        -scaled.sum(axis=(1, 2)),
        (scaled * gap).sum(axis=(1, 2)),
        -scaled.sum(axis=(0, 2)),
    )


def unit_scores(
    table: RatingTable, parameters: FacetParameters, weights: Floats, quadrature: Quadrature
) -> tuple[Integers, Floats]:
    """Gradient of each unit's log likelihood, as rows per rating.

    Returns:
        (N,) the rater of each rating, and (N, V + 1) the derivatives of its expected log
        probability by that rater's severity, log discrimination and each threshold.
    """
    found = curves(parameters, quadrature.nodes)
    n_raters, n_levels = found.log_shares.shape[:2]
    one = np.eye(n_levels)
    per_level = np.stack(
        [
            logit_slopes(found, np.broadcast_to(one[v][:, None], found.shares.shape))
            for v in range(n_levels)
        ],
        axis=1,
    )
    sharp = parameters.discrimination[:, None, None, None]
    gap = quadrature.nodes - parameters.severity[:, None, None] - parameters.thresholds[:, None]
    scaled = per_level * sharp
    parts = np.concatenate(
        [
            -scaled.sum(axis=2, keepdims=True),
            (scaled * gap[:, None]).sum(axis=2, keepdims=True),
            -scaled,
        ],
        axis=2,
    )
    flat = parts.reshape(n_raters * n_levels, n_levels + 1, -1)
    cell = table.rater * n_levels + table.level
    rows = np.empty((table.n_ratings, n_levels + 1))
    for column in range(n_levels + 1):
        rows[:, column] = np.einsum("nq,nq->n", flat[cell, column], weights[table.unit])
    return table.rater, rows
