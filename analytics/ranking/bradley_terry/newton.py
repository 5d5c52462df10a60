"""The maximum of a Bradley–Terry likelihood and its cluster-robust covariance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.ranking.bradley_terry.comparisons import ComparisonTable
from analytics.ranking.bradley_terry.likelihood import Terms, TieModel, Vector, terms

Matrix = NDArray[np.float64]
MAXIMUM_STEPS = 100
TOLERANCE = 1e-10
"""Newton's steps end the search below this, in units of log-ability."""
ROUNDING = 1e-13
_START_TAU = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """δ = X β with β = (abilities of all but the last player, order effect), without τ.

    A point is β followed by τ where the model has one.
    """

    table: ComparisonTable
    matrix: Matrix
    model: TieModel

    @property
    def has_tau(self) -> bool:
        return self.model is not TieModel.HALF_WINS

    def split(self, point: Vector) -> tuple[Vector, float]:
        """Return β and τ (0 where the model has none)."""
        return (point[:-1], float(point[-1])) if self.has_tau else (point, 0.0)


def design_of(table: ComparisonTable, model: TieModel, *, order_effect: bool) -> Design:
    """Return the design of a table; the last player's ability is the reference."""
    rows = np.arange(table.first.size)
    matrix = np.zeros((rows.size, len(table.players)))
    matrix[rows, table.first] += 1
    matrix[rows, table.second] -= 1
    free = matrix[:, :-1]
    if order_effect:
        free = np.column_stack([free, np.ones(rows.size)])
    return Design(table, free, model)


def maximise(design: Design) -> Vector:
    """Return the point of highest likelihood, which must exist.

    Raises:
        ArithmeticError: if Newton's method does not arrive.
    """
    point = np.zeros(design.matrix.shape[1] + design.has_tau)
    if design.has_tau:
        point[-1] = _START_TAU
    for _ in range(MAXIMUM_STEPS):
        value, gradient, hessian = evaluate(design, point)
        step: Vector = np.linalg.solve(-hessian, gradient).astype(np.float64)
        if np.abs(step).max() <= TOLERANCE:
            return point
        point = _climb(design, point, value, step)
    raise ArithmeticError(f"no maximum after {MAXIMUM_STEPS} Newton steps")


def evaluate(design: Design, point: Vector) -> tuple[float, Vector, Matrix]:
    """Return log-likelihood, gradient (P,) and Hessian (P, P) at a point."""
    x, weight, t = design.matrix, design.table.weight, _terms(design, point)
    value = float(weight @ t.value)
    gradient = x.T @ (weight * t.by_delta)
    hessian = (x * (weight * t.delta_delta)[:, None]).T @ x
    if not design.has_tau:
        return value, gradient, hessian
    cross = x.T @ (weight * t.delta_tau)
    corner = np.array([[weight @ t.tau_tau]])
    full = np.block([[hessian, cross[:, None]], [cross[None, :], corner]])
    return value, np.append(gradient, weight @ t.by_tau), full


def sandwich(design: Design, point: Vector) -> Matrix:
    """Return the cluster-robust covariance H⁻¹ (G/(G−1) Σ u_g u_gᵀ) H⁻¹, shape (P, P).

    A weighted row without a cluster counts as that many independent comparisons.
    """
    table, t = design.table, _terms(design, point)
    weight = np.where(table.alone, np.sqrt(table.weight), table.weight)
    scores = design.matrix * (weight * t.by_delta)[:, None]
    if design.has_tau:
        scores = np.column_stack([scores, weight * t.by_tau])
    sums = np.zeros((int(table.cluster.max()) + 1, scores.shape[1]))
    np.add.at(sums, table.cluster, scores)
    bread = np.linalg.inv(-evaluate(design, point)[2])
    size = table.clusters
    return np.asarray(bread @ (sums.T @ sums) @ bread * size / (size - 1))


def _climb(design: Design, point: Vector, value: float, step: Vector) -> Vector:
    """Halve the Newton step until it climbs and keeps Rao and Kupper's τ positive."""
    for _ in range(MAXIMUM_STEPS):
        trial = point + step
        allowed = design.model is not TieModel.RAO_KUPPER or trial[-1] > 0
        # At the top the sum's own rounding decides; Newton steps are exact there.
        if allowed and evaluate(design, trial)[0] >= value - ROUNDING * (1 + abs(value)):
            return trial
        step = step / 2
    raise ArithmeticError("no step of any length climbs")


def _terms(design: Design, point: Vector) -> Terms:
    beta, tau = design.split(point)
    return terms(design.model, design.table.outcome, design.matrix @ beta, tau)
