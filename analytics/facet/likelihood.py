"""Marginal log likelihood of the facet model by quadrature over quality, with its gradient."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import expit

from analytics.agreement.sums.layout import Floats
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
    given = np.multiply.outer(parameters.discrimination, nodes) - parameters.location[:, None]
    inner = expit(given[:, None] - parameters.thresholds[:, None])
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
    """Weak normal priors that keep rarely seen and constant raters finite.

    Both are around the raters' own means, which they leave free: moving all locations into the
    thresholds does not change the model.

    Attributes:
        location_sd: of the locations around their mean, in logits.
        discrimination_sd: of the discriminations around their mean, in units of that mean. A rater
            who answers at random is two of the default from the others: not ruled out.
    """

    location_sd: float = 2.0
    discrimination_sd: float = 0.5

    def penalty(self, parameters: FacetParameters) -> tuple[float, Floats, Floats]:
        """Minus the log density, and its (R,) gradients by discrimination and location."""
        mean = parameters.discrimination.mean()
        ratio = parameters.discrimination / mean
        spread = (ratio - 1) / self.discrimination_sd**2
        away = parameters.location - parameters.location.mean()
        pull = away / self.location_sd**2
        value = (spread @ (ratio - 1) + pull @ away) / 2
        return float(value), (spread - (spread * ratio).mean()) / mean, pull

    def precision(self, parameters: FacetParameters) -> Floats:
        """(2R + V - 1, 2R + V - 1) second derivatives of the penalty, its scale taken as given."""
        n_raters = len(parameters.location)
        found = np.zeros((2 * n_raters + len(parameters.thresholds),) * 2)
        mean = parameters.discrimination.mean()
        centred = np.eye(n_raters) - 1 / n_raters
        found[:n_raters, :n_raters] = centred / (self.discrimination_sd * mean) ** 2
        found[n_raters : 2 * n_raters, n_raters : 2 * n_raters] = centred / self.location_sd**2
        return found


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
    slopes = logit_slopes(found, expected_counts(design, weights))
    by_rater = slopes.sum(axis=1)
    penalty, discrimination, location = priors.penalty(parameters)
    gradient = np.concatenate(
        [
            discrimination - by_rater @ quadrature.nodes,
            location + by_rater.sum(axis=1),
            chain_thresholds(slopes.sum(axis=(0, 2)), parameters),
        ]
    )
    return penalty - float(log_likelihood.sum()), gradient


def expected_counts(design: Design, weights: Floats) -> Floats:
    """(R, V, Q) ratings of each rater and level, shared out over the nodes."""
    found = np.asarray(design.chosen.T @ weights)
    return found.reshape(design.n_raters, design.n_levels, -1)


def logit_slopes(found: Curves, expected: Floats) -> Floats:
    """(R, V - 1, Q) derivative of Σ expected · log P by the logit of each threshold."""
    ratio = expected / np.maximum(found.shares, TINY)
    inner = found.above[:, 1:-1]
    return np.asarray((ratio[:, 1:] - ratio[:, :-1]) * inner * (1 - inner))
