"""Maximum-likelihood Bradley–Terry abilities with ties, order effect and honest intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analytics.ranking.bradley_terry.comparisons import Comparison, ComparisonTable, tabulate
from analytics.ranking.bradley_terry.existence import NoFit, reason_against
from analytics.ranking.bradley_terry.likelihood import TieModel, Vector, terms
from analytics.ranking.clusters import MINIMUM_CLUSTERS
from analytics.ranking.proportions import Interval

MAXIMUM_STEPS = 100
TOLERANCE = 1e-10
"""Newton's steps end the search below this, in units of log-ability."""
ROUNDING = 1e-13
_START_TAU = 0.5


@dataclass(frozen=True, slots=True)
class Ability:
    """A player's log-ability relative to the mean of all, with its standard error."""

    player: str
    log_ability: float
    standard_error: float | None
    interval: Interval | None
    comparisons: float


@dataclass(frozen=True, slots=True)
class BradleyTerry:
    """The fitted abilities, best first; empty with a reason where no maximum exists.

    ``tie_parameter`` is ν (Davidson) or θ (Rao–Kupper), ``order_effect`` the log-odds bonus of the
    first player; None where the model has none. ``clusters`` carry the intervals.
    """

    model: TieModel
    abilities: tuple[Ability, ...]
    tie_parameter: float | None
    order_effect: float | None
    log_likelihood: float | None
    clusters: int
    reason: NoFit | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Design:
    """δ = X β with β = (abilities of all but the last player, order effect); τ beside it."""

    table: ComparisonTable
    matrix: NDArray[np.float64]
    model: TieModel
    order_effect: bool

    @property
    def has_tau(self) -> bool:
        return self.model is not TieModel.HALF_WINS


def fit_bradley_terry(
    comparisons: Sequence[Comparison],
    *,
    model: TieModel = TieModel.DAVIDSON,
    order_effect: bool = False,
    level: float = 0.95,
) -> BradleyTerry:
    """Return abilities that maximise the likelihood, by Newton's method to steps of 1e-10.

    Intervals come from the sandwich estimator over clusters (items) on t(G−1), so comparisons
    within an item need not be independent; below five clusters there is none. A model with ties
    but data without any falls back to the plain one, its limit.

    Raises:
        ValueError: if a comparison is invalid (see ``tabulate``).
        ArithmeticError: if Newton's method does not arrive.
    """
    table = tabulate(comparisons)
    if not table.has_ties:
        model = TieModel.HALF_WINS
    clusters = int(table.cluster.max()) + 1
    design = _Design(table, _matrix(table, order_effect=order_effect), model, order_effect)
    reason = reason_against(design.matrix, table.outcome, model)
    if reason:
        return BradleyTerry(model, (), None, None, None, clusters, reason)
    point = _maximise(design)
    return _result(design, point, clusters, level)


def _matrix(table: ComparisonTable, *, order_effect: bool) -> NDArray[np.float64]:
    rows, players = np.arange(table.first.size), len(table.players)
    matrix = np.zeros((rows.size, players))
    matrix[rows, table.first] += 1
    matrix[rows, table.second] -= 1
    free = matrix[:, :-1]
    return np.column_stack([free, np.ones(rows.size)]) if order_effect else free


def _maximise(design: _Design) -> Vector:
    point = np.zeros(design.matrix.shape[1] + design.has_tau)
    if design.has_tau:
        point[-1] = _START_TAU
    value, gradient, hessian = _evaluate(design, point)
    for _ in range(MAXIMUM_STEPS):
        step: Vector = np.linalg.solve(-hessian, gradient).astype(np.float64)
        if np.abs(step).max() <= TOLERANCE:
            break
        point, value = _climb(design, point, value, step)
        _, gradient, hessian = _evaluate(design, point)
    else:
        raise ArithmeticError(f"no maximum after {MAXIMUM_STEPS} Newton steps")
    return point


def _climb(design: _Design, point: Vector, value: float, step: Vector) -> tuple[Vector, float]:
    """Halve the Newton step until it climbs and keeps Rao and Kupper's τ positive."""
    for _ in range(MAXIMUM_STEPS):
        trial = point + step
        allowed = design.model is not TieModel.RAO_KUPPER or trial[-1] > 0
        if allowed:
            reached = _evaluate(design, trial)[0]
            # At the top the sum's own rounding decides; Newton steps are exact there.
            if reached >= value - ROUNDING * (1 + abs(value)):
                return trial, reached
        step = step / 2
    return point, value


def _evaluate(design: _Design, point: Vector) -> tuple[float, Vector, NDArray[np.float64]]:
    """Return log-likelihood, gradient (P,) and Hessian (P, P) at a point."""
    x, weight = design.matrix, design.table.weight
    beta, tau = (point[:-1], float(point[-1])) if design.has_tau else (point, 0.0)
    t = terms(design.model, design.table.outcome, x @ beta, tau)
    value = float(weight @ t.value)
    gradient = x.T @ (weight * t.by_delta)
    hessian = (x * (weight * t.delta_delta)[:, None]).T @ x
    if not design.has_tau:
        return value, gradient, hessian
    cross = x.T @ (weight * t.delta_tau)
    corner = weight @ t.tau_tau
    full = np.block([[hessian, cross[:, None]], [cross[None, :], np.array([[corner]])]])
    return value, np.append(gradient, weight @ t.by_tau), full


def _sandwich(design: _Design, point: Vector, clusters: int) -> NDArray[np.float64]:
    """Return the cluster-robust covariance H⁻¹ (G/(G−1) Σ u_g u_gᵀ) H⁻¹, shape (P, P)."""
    x, weight = design.matrix, design.table.weight
    beta, tau = (point[:-1], float(point[-1])) if design.has_tau else (point, 0.0)
    t = terms(design.model, design.table.outcome, x @ beta, tau)
    scores = x * (weight * t.by_delta)[:, None]
    if design.has_tau:
        scores = np.column_stack([scores, weight * t.by_tau])
    sums = np.zeros((clusters, scores.shape[1]))
    np.add.at(sums, design.table.cluster, scores)
    bread = np.linalg.inv(-_evaluate(design, point)[2])
    return np.asarray(bread @ (sums.T @ sums) @ bread * clusters / (clusters - 1))


def _result(design: _Design, point: Vector, clusters: int, level: float) -> BradleyTerry:
    players = design.table.players
    free = len(players) - 1
    centre = np.vstack([np.eye(free), np.zeros(free)]) - 1 / len(players)
    log_ability = centre @ point[:free]
    errors: list[float | None] = [None] * len(players)
    if clusters >= MINIMUM_CLUSTERS:
        covariance = centre @ _sandwich(design, point, clusters)[:free, :free] @ centre.T
        errors = [float(np.sqrt(max(v, 0.0))) for v in np.diag(covariance)]
    met = _comparisons_of(design.table)
    abilities = [
        Ability(name, float(value), error, _interval(float(value), error, clusters, level), count)
        for name, value, error, count in zip(players, log_ability, errors, met, strict=True)
    ]
    return BradleyTerry(
        model=design.model,
        abilities=tuple(sorted(abilities, key=lambda a: (-a.log_ability, a.player))),
        tie_parameter=float(np.exp(point[-1])) if design.has_tau else None,
        order_effect=float(point[free]) if design.order_effect else None,
        log_likelihood=_evaluate(design, point)[0],
        clusters=clusters,
    )


def _interval(value: float, error: float | None, clusters: int, level: float) -> Interval | None:
    if error is None:
        return None
    reach = error * float(stats.t.ppf((1 + level) / 2, clusters - 1))
    return Interval(value - reach, value + reach, level, "cluster_sandwich_t")


def _comparisons_of(table: ComparisonTable) -> list[float]:
    counts = np.zeros(len(table.players))
    np.add.at(counts, table.first, table.weight)
    np.add.at(counts, table.second, table.weight)
    return [float(count) for count in counts]
