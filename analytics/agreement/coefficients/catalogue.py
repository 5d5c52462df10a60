"""The coefficients of a report by name, each a function of sums, with its transform."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import TypeAlias

import numpy as np

from analytics.agreement.coefficients.chance_corrected import (
    brennan_prediger,
    fleiss_kappa,
    gwet_ac,
    observed_agreement,
)
from analytics.agreement.coefficients.distances import Metric
from analytics.agreement.coefficients.krippendorff import alpha_from_sums
from analytics.agreement.coefficients.weights import DeclaredWeights, Weighting, Weights
from analytics.agreement.sums.layout import Layout, Sums
from analytics.agreement.sums.parted_sums import AnySums, PartedSums
from analytics.estimates import Estimate, Reason, estimate
from analytics.scales import Scale

Statistic: TypeAlias = Callable[[AnySums], Sums]
# Of dense sums alone.
DenseStatistic: TypeAlias = Callable[[Sums], Sums]


class Coefficient(StrEnum):
    """Agreement coefficients; the values are their names in every report and export."""

    ALPHA_ORDINAL = "krippendorff_alpha_ordinal"
    ALPHA_NOMINAL = "krippendorff_alpha_nominal"
    ALPHA_INTERVAL = "krippendorff_alpha_interval"
    FLEISS = "fleiss_kappa"
    AC1 = "gwet_ac1"
    AC2 = "gwet_ac2"
    BRENNAN_PREDIGER = "brennan_prediger"
    EXACT = "exact_agreement"
    WITHIN_ONE = "within_one_agreement"

    @property
    def is_share(self) -> bool:
        """Whether it is in 0 … 1; the others are in -1 … 1."""
        return self in {Coefficient.EXACT, Coefficient.WITHIN_ONE}

    @property
    def uses_single_ratings(self) -> bool:
        """Whether units with one rating enter, through the margins."""
        return self in {Coefficient.FLEISS, Coefficient.AC1, Coefficient.AC2}


ALPHAS: Mapping[Coefficient, Metric] = {
    Coefficient.ALPHA_ORDINAL: Metric.ORDINAL,
    Coefficient.ALPHA_NOMINAL: Metric.NOMINAL,
    Coefficient.ALPHA_INTERVAL: Metric.INTERVAL,
}
WEIGHTED: Mapping[Coefficient, tuple[Callable[[AnySums, Weights], Sums], Weighting]] = {
    Coefficient.FLEISS: (fleiss_kappa, Weighting.IDENTITY),
    Coefficient.AC1: (gwet_ac, Weighting.IDENTITY),
    Coefficient.AC2: (gwet_ac, Weighting.QUADRATIC),
    Coefficient.BRENNAN_PREDIGER: (brennan_prediger, Weighting.IDENTITY),
    Coefficient.EXACT: (observed_agreement, Weighting.IDENTITY),
    Coefficient.WITHIN_ONE: (observed_agreement, Weighting.WITHIN_ONE),
}


def statistic(coefficient: Coefficient, scale: Scale) -> Statistic:
    """Return the function of sums, (…, K) or parted, that computes a coefficient on a scale."""
    if coefficient in ALPHAS:
        return partial(alpha_from_sums, scale=scale, metric=ALPHAS[coefficient])
    function, weighting = WEIGHTED[coefficient]
    weights = DeclaredWeights(weighting, scale)
    return lambda sums: function(sums, weights)


def fisher_scaled(coefficient: Coefficient, scale: Scale) -> Statistic:
    """Return atanh of the coefficient, a share p being taken as 2p - 1.

    Intervals are computed there, where the spread hardly depends on the value.
    """
    plain = statistic(coefficient, scale)

    def scaled(sums: AnySums) -> Sums:
        value = plain(sums)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.arctanh(2 * value - 1 if coefficient.is_share else value)

    return scaled


def signed(coefficient: Coefficient, value: float) -> float:
    """Put a value on -1 … 1: a share p as 2p - 1."""
    return 2 * value - 1 if coefficient.is_share else value


def from_fisher(coefficient: Coefficient, z: float) -> float:
    """Take a value back from the atanh scale."""
    value = float(np.tanh(z))
    return (value + 1) / 2 if coefficient.is_share else value


def point(coefficient: Coefficient, sums: AnySums, scale: Scale) -> Estimate:
    """Compute one coefficient of (K,) sums, with the reason if it is undefined."""
    n_pairable = (
        sums.n_pairable if isinstance(sums, PartedSums) else Layout(len(scale)).n_pairable(sums)
    )
    if n_pairable == 0:
        return Estimate(None, Reason.NO_OVERLAP)
    return estimate(statistic(coefficient, scale)(sums), Reason.NO_VARIATION)
