"""Agreement weights between levels: one on the diagonal; for the weighted coefficients.

Ranks, range and number are those of the declared levels, also on a scale of some of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial
from typing import TypeAlias

import numpy as np

from analytics.agreement.sums.layout import Floats
from analytics.scales import Scale
from analytics.validation import Indices

# Products with weights are taken this many levels at a time.
BLOCK = 256


class Weighting(StrEnum):
    """How much credit two different levels get."""

    IDENTITY = "identity"
    LINEAR = "linear"
    QUADRATIC = "quadratic"
    ORDINAL = "ordinal"
    WITHIN_ONE = "within_one"


def between(weighting: Weighting, scale: Scale, rows: Indices, columns: Indices) -> Floats:
    """Return the weights between levels of two arrays of places, broadcast against each other.

    `ordinal` is Gwet's fixed kernel, one minus C(|k - l| + 1, 2) over its maximum; it is *not*
    Krippendorff's ordinal metric, which depends on the margins.
    """
    steps = np.abs(scale.ranks[rows] - scale.ranks[columns])
    if weighting is Weighting.IDENTITY:
        return np.where(steps == 0, 1.0, 0.0)
    if weighting is Weighting.WITHIN_ONE:
        return np.where(steps <= 1, 1.0, 0.0)
    if weighting is Weighting.ORDINAL:
        most = len(scale.whole) - 1
        return np.asarray(1 - steps * (steps + 1) / (most * (most + 1)))
    values = np.asarray(scale.values)
    gap = (values[rows] - values[columns]) / scale.span
    return np.asarray(1 - (np.abs(gap) if weighting is Weighting.LINEAR else np.square(gap)))


def matrix(weighting: Weighting, scale: Scale) -> Floats:
    """(V, V) weights between all levels of a scale."""
    places = np.arange(len(scale))
    return between(weighting, scale, places[:, None], places[None, :])


WEIGHTS: Mapping[Weighting, Callable[[Scale], Floats]] = {
    weighting: partial(matrix, weighting) for weighting in Weighting
}


def declared_total(weighting: Weighting, scale: Scale) -> float:
    """Sum of the weights over all ordered pairs of declared levels, in a time linear in these.

    >>> declared_total(Weighting.WITHIN_ONE, Scale.of(range(101)).among([0, 50]))
    301.0
    """
    values = np.asarray(scale.whole.values)
    number, ranks = len(values), np.arange(len(values))
    if weighting is Weighting.IDENTITY:
        return float(number)
    if weighting is Weighting.WITHIN_ONE:
        return 3.0 * number - 2
    if weighting is Weighting.ORDINAL:
        steps = float(((number - ranks) * ranks * (ranks + 1)).sum())
        return number**2 - 2 * steps / (number * (number - 1))
    if weighting is Weighting.LINEAR:
        apart = 2 * float(values @ (2 * ranks - number + 1))
        return number**2 - apart / scale.span
    centred = values - values.mean()
    squares = 2 * (number * float(centred @ centred) - float(centred.sum()) ** 2)
    return number**2 - squares / scale.span**2


@dataclass(frozen=True, eq=False)
class DeclaredWeights:
    """Weights of a scale, computed as far as they are asked for."""

    weighting: Weighting
    scale: Scale

    @cached_property
    def matrix(self) -> Floats:
        """(V, V) weights between the levels of the scale."""
        return matrix(self.weighting, self.scale)

    @cached_property
    def total(self) -> float:
        """Sum over all ordered pairs of declared levels."""
        return declared_total(self.weighting, self.scale)

    @property
    def n_levels(self) -> int:
        """Number of declared levels."""
        return len(self.scale.whole)

    def times(self, shares: Floats) -> Floats:
        """Return the (…, V) products of (…, V) shares with the weights, a block at a time."""
        places, found = np.arange(len(self.scale)), np.empty(shares.shape)
        for start in range(0, len(places), BLOCK):
            block = places[start : start + BLOCK]
            part = between(self.weighting, self.scale, places[:, None], block[None, :])
            found[..., block] = shares @ part
        return found


Weights: TypeAlias = Floats | DeclaredWeights


def as_matrix(weights: Weights) -> Floats:
    """(V, V) weights."""
    return weights.matrix if isinstance(weights, DeclaredWeights) else weights


def total_and_number(weights: Weights) -> tuple[float, int]:
    """Sum of the weights over pairs of declared levels, and the number of these levels."""
    if isinstance(weights, DeclaredWeights):
        return weights.total, weights.n_levels
    return float(weights.sum()), len(weights)
