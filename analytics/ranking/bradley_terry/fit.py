"""Maximum-likelihood Bradley–Terry abilities with ties, order effect and honest intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.estimates import Interval
from analytics.limits import CONFIDENCE, FEWEST_ITEMS
from analytics.ranking.bradley_terry.comparisons import (
    Comparison,
    ComparisonTable,
    folded,
    tabulate,
)
from analytics.ranking.bradley_terry.existence import NoFit, reason_against
from analytics.ranking.bradley_terry.likelihood import TieModel, Vector
from analytics.ranking.bradley_terry.newton import design_of, evaluate, maximise, sandwich
from analytics.t_intervals import t_interval


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
    first player; None if the model has none. ``clusters`` carry the intervals.
    """

    model: TieModel
    abilities: tuple[Ability, ...]
    tie_parameter: float | None
    order_effect: float | None
    log_likelihood: float | None
    clusters: int
    reason: NoFit | None = None


def fit_bradley_terry(
    comparisons: Sequence[Comparison],
    *,
    model: TieModel = TieModel.DAVIDSON,
    order_effect: bool = False,
    level: float = CONFIDENCE,
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
    # Abilities depend on counts alone; only the intervals need the single comparisons.
    few = design_of(folded(table), model, order_effect=order_effect)
    reason = reason_against(few.matrix, few.table.outcome, model)
    if reason:
        return BradleyTerry(model, (), None, None, None, table.clusters, reason)
    point = maximise(few)
    errors: list[float | None] = [None] * len(table.players)
    if table.clusters >= FEWEST_ITEMS:
        design = design_of(table, model, order_effect=order_effect)
        errors = _errors(sandwich(design, point), len(table.players))
    return BradleyTerry(
        model=model,
        abilities=_abilities(table, point, errors, level),
        tie_parameter=float(np.exp(point[-1])) if few.has_tau else None,
        order_effect=float(point[len(table.players) - 1]) if order_effect else None,
        log_likelihood=evaluate(few, point)[0],
        clusters=table.clusters,
    )


def _centring(players: int) -> Vector:
    """Return the matrix that turns free abilities into abilities relative to the mean of all."""
    free: Vector = np.vstack([np.eye(players - 1), np.zeros(players - 1)]) - 1 / players
    return free


def _errors(covariance: Vector, players: int) -> list[float | None]:
    centre = _centring(players)
    free = covariance[: players - 1, : players - 1]
    return [float(np.sqrt(max(v, 0.0))) for v in np.diag(centre @ free @ centre.T)]


def _abilities(
    table: ComparisonTable, point: Vector, errors: list[float | None], level: float
) -> tuple[Ability, ...]:
    players = len(table.players)
    values = _centring(players) @ point[: players - 1]
    met = _comparisons_of(table)
    abilities = [
        Ability(name, float(v), error, _interval(float(v), error, table.clusters, level), count)
        for name, v, error, count in zip(table.players, values, errors, met, strict=True)
    ]
    return tuple(sorted(abilities, key=lambda a: (-a.log_ability, a.player)))


def _interval(value: float, error: float | None, clusters: int, level: float) -> Interval | None:
    if error is None:
        return None
    return t_interval(value, error, clusters - 1, "cluster_sandwich_t", level=level)


def _comparisons_of(table: ComparisonTable) -> list[float]:
    counts = np.zeros(len(table.players))
    np.add.at(counts, table.first, table.weight)
    np.add.at(counts, table.second, table.weight)
    return [float(count) for count in counts]
