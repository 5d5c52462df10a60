"""Judging a qualification test: one annotator's levels against the reference, per dimension."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from analytics.agreement.coefficients.two_raters import KappaEstimate, cohen_kappa, confusion
from analytics.agreement.coefficients.weights import Weighting
from analytics.raters.binomial_shares import Share, share
from analytics.scales import Scale

ONE_SIDED_95 = 1.6448536269514722

Unit = TypeVar("Unit", bound=Hashable)


@dataclass(frozen=True)
class PassRule:
    """What one dimension of an attempt must reach.

    Attributes:
        kappa: least quadratic-weighted κ with the reference.
        kappa_low: least one-sided 95 % lower bound of it.
        within_one: least share of levels at most one step from the reference.
        within_one_low: least lower bound (Clopper-Pearson, 95 %) of that share.
    """

    kappa: float = 0.6
    kappa_low: float = 0.3
    within_one: float = 0.9
    within_one_low: float = 0.7


@dataclass(frozen=True)
class DimensionResult:
    """One dimension of an attempt.

    Attributes:
        kappa: quadratic-weighted κ over the candidates that got a level; undefined where neither
            side varies, and then the share alone decides.
        kappa_low: its one-sided lower bound; None if undefined.
        within_one: levels at most one step away; "cannot judge" counts as away.
        passed: whether the rule is satisfied.
    """

    kappa: KappaEstimate
    kappa_low: float | None
    within_one: Share
    passed: bool


def count_within(
    given: Mapping[Unit, int | None], reference: Mapping[Unit, int], tolerance: int
) -> int:
    """Count the reference levels matched within a tolerance; a missing level does not count.

    >>> count_within({"a": 3, "b": None, "c": 1}, {"a": 4, "b": 2, "c": 3}, 1)
    1
    """
    return sum(
        level is not None and abs(level - right) <= tolerance
        for level, right in ((given.get(unit), right) for unit, right in reference.items())
    )


def judge_dimension(
    given: Mapping[Unit, int | None], reference: Mapping[Unit, int], scale: Scale, rule: PassRule
) -> DimensionResult:
    """Compare the levels of one dimension over all units of an attempt.

    Args:
        given: level index of each unit, None if it could not be judged.
        reference: right level index of each unit.
        scale: the declared levels.
        rule: what to reach.

    Raises:
        ValueError: if there is no reference.
    """
    if not reference:
        raise ValueError("an attempt needs at least one reference level")
    judged = [(level, right) for unit, right in reference.items()
              if (level := given.get(unit)) is not None]  # fmt: skip
    pairs = np.asarray(judged, dtype=np.int64).reshape(-1, 2)
    kappa = cohen_kappa(confusion(pairs[:, 0], pairs[:, 1], len(scale)), scale, Weighting.QUADRATIC)
    low = None
    if kappa.estimate.value is not None:
        low = kappa.estimate.value - ONE_SIDED_95 * (kappa.standard_error or 0.0)
    near = share(count_within(given, reference, 1), len(reference))
    met = (near.value or 0.0) >= rule.within_one and near.low >= rule.within_one_low
    return DimensionResult(kappa, low, near, passed=met and _kappa_met(kappa, low, rule))


def _kappa_met(kappa: KappaEstimate, low: float | None, rule: PassRule) -> bool:
    if kappa.estimate.value is None or low is None:
        return kappa.n_units > 0
    return kappa.estimate.value >= rule.kappa and low >= rule.kappa_low
