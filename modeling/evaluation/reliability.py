"""Are predicted win probabilities honest? Brier, ECE, the reliability curve, Cox's line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import optimize

from analytics.limits import FEWEST_ITEMS, TAILS
from analytics.ranking.clusters import ClusteredMean, clustered_mean
from modeling.evaluation.pairs import PairTable
from modeling.likelihood import log_win_probability

Array = NDArray[np.float64]
BINS = 10
_REPLICATES = 200
_MIN_PAIRS = 2 * BINS


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """One bin of the reliability curve."""

    predicted: float  # mean predicted probability
    observed: float  # share of wins
    pairs: int


@dataclass(frozen=True, slots=True)
class CoxLine:
    """logit P(win) = intercept + slope · predicted logit; 0 and 1 are perfect (Cox 1958)."""

    intercept: float
    slope: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Calibration of pair probabilities; intervals are clustered by item."""

    pairs: int
    nll: ClusteredMean
    brier: ClusteredMean
    ece: float
    ece_interval: tuple[float, float] | None  # None under five items
    curve: tuple[ReliabilityBin, ...]
    cox: CoxLine


def measure_reliability(table: PairTable, rng: np.random.Generator) -> Reliability | None:
    """Calibration over human-ordered pairs; ``None`` under 20 of them.

    The side that is called first is drawn at random, so that wins and losses are balanced and a
    model cannot look calibrated by the order in which candidates are listed.
    """
    strict = table.select(table.strict)
    if len(strict) < _MIN_PAIRS:
        return None
    side = rng.choice([-1.0, 1.0], size=len(strict))
    gap = torch.from_numpy(strict.gap * side)
    predicted: Array = (
        log_win_probability(gap, torch.from_numpy(strict.variance)).exp().numpy().clip(1e-9, 1)
    )
    won = (strict.human * side > 0).astype(np.float64)
    return Reliability(
        pairs=len(strict),
        nll=clustered_mean(-strict.log_win, strict.item),
        brier=clustered_mean(np.square(predicted - won), strict.item),
        ece=expected_calibration_error(predicted, won),
        ece_interval=_ece_interval(predicted, won, strict.item, rng),
        curve=reliability_curve(predicted, won),
        cox=cox_line(predicted, won),
    )


def reliability_curve(predicted: Array, won: Array) -> tuple[ReliabilityBin, ...]:
    """Ten bins of equal mass."""
    order = np.argsort(predicted, kind="stable")
    return tuple(
        ReliabilityBin(float(predicted[rows].mean()), float(won[rows].mean()), len(rows))
        for rows in np.array_split(order, BINS)
        if len(rows)
    )


def expected_calibration_error(predicted: Array, won: Array) -> float:
    """Equal-mass ECE with the plug-in bias removed (Kumar, Liang and Ma 2019), at least 0.

    Each bin's squared error loses its sampling variance before the root of the mean is taken,
    so this is the root-mean-square form.
    """
    total = 0.0
    for each in reliability_curve(predicted, won):
        noise = each.observed * (1 - each.observed) / max(each.pairs - 1, 1)
        total += each.pairs * ((each.predicted - each.observed) ** 2 - noise)
    return float(np.sqrt(max(total / len(predicted), 0.0)))


def _ece_interval(
    predicted: Array, won: Array, item: NDArray[np.int64], rng: np.random.Generator
) -> tuple[float, float] | None:
    """95 % percentile interval over resampled items; ``None`` where these are too few."""
    names, member = np.unique(item, return_inverse=True)
    if len(names) < FEWEST_ITEMS:
        return None
    rows_of = [np.flatnonzero(member == index) for index in range(len(names))]
    values = []
    for _ in range(_REPLICATES):
        drawn = np.concatenate([rows_of[i] for i in rng.integers(len(names), size=len(names))])
        values.append(expected_calibration_error(predicted[drawn], won[drawn]))
    low, high = np.quantile(values, TAILS)
    return float(low), float(high)


def cox_line(predicted: Array, won: Array) -> CoxLine:
    """Logistic regression of the outcome on the predicted logit, by maximum likelihood."""
    logit = np.log(predicted) - np.log1p(-np.minimum(predicted, 1 - 1e-9))

    def loss(line: Array) -> float:
        z = line[0] + line[1] * logit
        return float(np.mean(np.logaddexp(0, z) - won * z))

    intercept, slope = optimize.minimize(loss, np.array([0.0, 1.0]), method="BFGS").x
    return CoxLine(float(intercept), float(slope))
