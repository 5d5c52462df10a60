"""Whether finite abilities exist: a concave likelihood has a maximum or runs off for ever."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from analytics.ranking.bradley_terry.likelihood import TieModel

_NOTHING = 1e-7


class NoFit(StrEnum):
    """Why there are no finite abilities."""

    NOT_CONNECTED = "not_connected"
    """Some players, or an order effect, are never compared with the rest."""
    ONLY_TIES = "only_ties"
    SEPARATED = "separated"
    """Some abilities could grow apart for ever without a comparison speaking against it."""


def reason_against(
    matrix: NDArray[np.float64], outcome: NDArray[np.int64], model: TieModel
) -> NoFit | None:
    """Return why the maximum does not exist, or None if it does.

    Args:
        matrix: shape (N, P), rows with δ = X β.
        outcome: shape (N,), 1, 0 or −1.
        model: ties as half wins, or with a tie parameter τ (the two tie models behave alike).

    Along a direction (β, t) every observed outcome stays possible if the winner's δ is at least t
    and a tie's |δ| at most t. The maximum exists exactly if only the zero direction allows that
    (without ties this is Ford's condition of 1957); a small linear programme decides.
    """
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        return NoFit.NOT_CONNECTED
    tied = outcome == 0
    if model is not TieModel.HALF_WINS and tied.all():
        return NoFit.ONLY_TIES
    wins = np.unique(matrix[~tied] * outcome[~tied, None], axis=0)
    ties = np.unique(matrix[tied], axis=0)
    return NoFit.SEPARATED if _room(wins, ties, model) > _NOTHING else None


def _room(wins: NDArray[np.float64], ties: NDArray[np.float64], model: TieModel) -> float:
    """Return how far the likelihood can climb for ever within the unit box of directions."""
    columns = wins.shape[1]
    with_t = 0.0 if model is TieModel.HALF_WINS else 1.0
    gains = np.column_stack([wins, -np.full(len(wins), with_t)])
    limits = np.vstack(
        [
            -gains,
            np.column_stack([ties, -np.full(len(ties), with_t)]),
            np.column_stack([-ties, -np.full(len(ties), with_t)]),
        ]
    )
    slack = gains.sum(axis=0) + np.append(np.zeros(columns), 2 * with_t * len(ties))
    bounds = [(-1.0, 1.0)] * columns + [(0.0, 1.0)]
    found = linprog(-slack, A_ub=limits, b_ub=np.zeros(len(limits)), bounds=bounds)
    if not found.success:
        raise ArithmeticError(f"the existence of a maximum could not be decided: {found.message}")
    return float(slack @ found.x)
