"""Agreement weights between levels: one on the diagonal; for the weighted coefficients."""

from collections.abc import Callable, Mapping
from enum import StrEnum

import numpy as np

from analytics.agreement.layout import Floats
from analytics.scales import Scale


class Weighting(StrEnum):
    """How much credit two different levels get."""

    IDENTITY = "identity"
    LINEAR = "linear"
    QUADRATIC = "quadratic"
    ORDINAL = "ordinal"
    WITHIN_ONE = "within_one"


def identity(scale: Scale) -> Floats:
    """(V, V) ones on the diagonal alone."""
    return np.eye(len(scale))


def linear(scale: Scale) -> Floats:
    """(V, V) one minus the distance of the values over their range."""
    values = np.asarray(scale.values)
    return np.asarray(1 - np.abs(values[:, None] - values) / np.ptp(values))


def quadratic(scale: Scale) -> Floats:
    """(V, V) one minus the squared distance of the values over their squared range."""
    values = np.asarray(scale.values)
    return np.asarray(1 - np.square((values[:, None] - values) / np.ptp(values)))


def ordinal(scale: Scale) -> Floats:
    """(V, V) Gwet's fixed ordinal kernel: one minus C(|k - l| + 1, 2) over its maximum.

    It is *not* Krippendorff's ordinal metric, which depends on the margins.
    """
    ranks = np.arange(len(scale))
    distance = np.abs(ranks[:, None] - ranks)
    pairs = distance * (distance + 1) / 2
    return np.asarray(1 - pairs / pairs.max())


def within_one(scale: Scale) -> Floats:
    """(V, V) one for equal or neighbouring levels."""
    ranks = np.arange(len(scale))
    return np.where(np.abs(ranks[:, None] - ranks) <= 1, 1.0, 0.0)


WEIGHTS: Mapping[Weighting, Callable[[Scale], Floats]] = {
    Weighting.IDENTITY: identity,
    Weighting.LINEAR: linear,
    Weighting.QUADRATIC: quadratic,
    Weighting.ORDINAL: ordinal,
    Weighting.WITHIN_ONE: within_one,
}
