"""One rater against the others as functions of summed vectors.

All take (…, V² + 1) sums and return (…,) values, NaN where undefined; complex sums are allowed.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from analytics.agreement.coefficients.distances import Metric
from analytics.agreement.coefficients.krippendorff import alpha_from_coincidences
from analytics.agreement.sums.layout import Sums
from analytics.scales import Scale

ROUNDING = 1e-10
VersusFunction: TypeAlias = Callable[[Sums, Scale], Sums]


class VersusStatistic(StrEnum):
    """The statistics that compare one rater with the others."""

    ALPHA = "alpha_against_rest"
    CONSENSUS_KAPPA = "consensus_kappa"
    REST_CORRELATION = "rest_correlation"
    SEVERITY = "severity"
    EXACT = "exact_agreement"
    WITHIN_ONE = "within_one_agreement"

    @property
    def is_correlation(self) -> bool:
        """Whether it is in -1 … 1 and is transformed by atanh for its interval."""
        return self in {
            VersusStatistic.ALPHA,
            VersusStatistic.CONSENSUS_KAPPA,
            VersusStatistic.REST_CORRELATION,
        }


def confusion(sums: Sums, scale: Scale) -> Sums:
    """Return (…, V, V) weights of (own level, others' level); each rating weighs one in all."""
    n_levels = len(scale)
    return sums[..., :-1].reshape(*sums.shape[:-1], n_levels, n_levels)


def alpha_against_rest(sums: Sums, scale: Scale) -> Sums:
    """Krippendorff's ordinal α over the pairs that contain the rater."""
    directed = confusion(sums, scale)
    return alpha_from_coincidences(directed + np.swapaxes(directed, -1, -2), scale, Metric.ORDINAL)


def severity(sums: Sums, scale: Scale) -> Sums:
    """Others' mean minus own rating, in units of the scale: positive is stricter."""
    n_ratings, own, others, *_ = _moments(sums, scale)
    return _divide(others - own, n_ratings)


def consensus_kappa(sums: Sums, scale: Scale) -> Sums:
    """Quadratic-weighted κ against the mean of the others, which is never rounded.

    Quadratic-weighted κ of real-valued ratings is Lin's concordance correlation (1989).
    """
    covariance, own, others, gap = _spread(sums, scale)
    return _divide(2 * covariance, own + others + gap * gap)


def rest_correlation(sums: Sums, scale: Scale) -> Sums:
    """Correlation with the mean of the others: low for a rater who does not discriminate."""
    covariance, own, others, _ = _spread(sums, scale)
    # A product rather than two roots keeps zero variance exactly zero.
    product = own * others
    return _divide(covariance, np.sqrt(np.where(np.real(product) > 0, product, 0)))


def exact_agreement(sums: Sums, scale: Scale) -> Sums:
    """Share of the others' ratings that are equal."""
    return _weighted_share(sums, scale, 0)


def within_one_agreement(sums: Sums, scale: Scale) -> Sums:
    """Share of the others' ratings that are equal or next to it."""
    return _weighted_share(sums, scale, 1)


VERSUS: Mapping[VersusStatistic, VersusFunction] = {
    VersusStatistic.ALPHA: alpha_against_rest,
    VersusStatistic.CONSENSUS_KAPPA: consensus_kappa,
    VersusStatistic.REST_CORRELATION: rest_correlation,
    VersusStatistic.SEVERITY: severity,
    VersusStatistic.EXACT: exact_agreement,
    VersusStatistic.WITHIN_ONE: within_one_agreement,
}


def _weighted_share(sums: Sums, scale: Scale, reach: int) -> Sums:
    ranks = np.arange(len(scale))
    near = np.abs(ranks[:, None] - ranks) <= reach
    directed = confusion(sums, scale)
    return _divide((directed * near).sum(axis=(-2, -1)), directed.sum(axis=(-2, -1)))


def _moments(sums: Sums, scale: Scale) -> tuple[Sums, Sums, Sums, Sums, Sums, Sums]:
    """Sums of 1, x, y, x², y² and xy for own rating x and the others' mean y."""
    values, directed = np.asarray(scale.values), confusion(sums, scale)
    by_own = directed.sum(axis=-1)
    return (
        by_own.sum(axis=-1),
        by_own @ values,
        directed.sum(axis=-2) @ values,
        by_own @ np.square(values),
        sums[..., -1],
        np.einsum("...xy,x,y->...", directed, values, values),
    )


def _spread(sums: Sums, scale: Scale) -> tuple[Sums, Sums, Sums, Sums]:
    """Covariance, both variances and the difference of the means."""
    n, own, others, own_square, others_square, product = _moments(sums, scale)
    mean_own, mean_others = _divide(own, n), _divide(others, n)
    return (
        _rounded(_divide(product, n) - mean_own * mean_others),
        _rounded(_divide(own_square, n) - mean_own * mean_own),
        _rounded(_divide(others_square, n) - mean_others * mean_others),
        mean_own - mean_others,
    )


def _rounded(variance: Sums) -> Sums:
    """Set to zero what is only the rounding of a difference of equal numbers."""
    return np.where(np.abs(variance) < ROUNDING, 0, variance)


def _divide(numerator: Sums, denominator: Sums) -> Sums:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(denominator == 0, np.nan, numerator / denominator)
