"""Log-likelihoods of one comparison in (δ, τ): ability difference and tie parameter.

Davidson (1970): win, tie, loss as a softmax of (δ/2, τ, −δ/2), τ = log ν.
Rao and Kupper (1967): win σ(δ − τ), loss σ(−δ − τ), τ = log θ ≥ 0. Both are concave.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit, logsumexp

Vector = NDArray[np.float64]


class TieModel(StrEnum):
    """How ties enter: as half a win each, or by Davidson's or Rao and Kupper's model."""

    HALF_WINS = "half_wins"
    DAVIDSON = "davidson"
    RAO_KUPPER = "rao_kupper"


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Log-likelihood per comparison and its first and second derivatives, each shape (N,)."""

    value: Vector
    by_delta: Vector
    by_tau: Vector
    delta_delta: Vector
    delta_tau: Vector
    tau_tau: Vector


def terms(model: TieModel, outcome: NDArray[np.int64], delta: Vector, tau: float) -> Terms:
    """Return the terms of every comparison under the model."""
    match model:
        case TieModel.HALF_WINS:
            return _half_wins(outcome, delta)
        case TieModel.DAVIDSON:
            return _davidson(outcome, delta, tau)
        case TieModel.RAO_KUPPER:
            return _rao_kupper(outcome, delta, tau)


def _half_wins(outcome: NDArray[np.int64], delta: Vector) -> Terms:
    won = (outcome + 1) / 2
    p = expit(delta)
    value = won * log_expit(delta) + (1 - won) * log_expit(-delta)
    zero = np.zeros_like(delta)
    return Terms(value, won - p, zero, -p * (1 - p), zero, zero)


def _davidson(outcome: NDArray[np.int64], delta: Vector, tau: float) -> Terms:
    scores = np.stack([delta / 2, np.full_like(delta, tau), -delta / 2])
    log_total = logsumexp(scores, axis=0)
    win, tie, loss = np.exp(scores - log_total)
    tied = outcome == 0
    value = np.where(tied, tau, outcome * delta / 2) - log_total
    lead = (win - loss) / 2
    return Terms(
        value,
        outcome / 2 - lead,
        tied - tie,
        -((win + loss) / 4 - lead**2),
        lead * tie,
        -tie * (1 - tie),
    )


def _rao_kupper(outcome: NDArray[np.int64], delta: Vector, tau: float) -> Terms:
    """A tie has probability (θ² − 1) · win · loss; its log adds log(e^{2τ} − 1)."""
    ahead, behind = delta - tau, -delta - tau
    win, loss = expit(ahead), expit(behind)
    has_win, has_loss = outcome >= 0, outcome <= 0
    tied = outcome == 0
    growth = 2 / -np.expm1(-2 * tau) if tied.any() else 0.0
    value = has_win * log_expit(ahead) + has_loss * log_expit(behind)
    if tied.any():
        value = value + tied * (2 * tau + np.log(-np.expm1(-2 * tau)))
    pull_win, pull_loss = has_win * (1 - win), has_loss * (1 - loss)
    bend_win, bend_loss = has_win * win * (1 - win), has_loss * loss * (1 - loss)
    return Terms(
        value,
        pull_win - pull_loss,
        tied * growth - pull_win - pull_loss,
        -bend_win - bend_loss,
        bend_win - bend_loss,
        -bend_win - bend_loss + tied * growth * (2 - growth),
    )
