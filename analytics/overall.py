"""The overall: the exact weighted sum of a rubric's dimensions, defined only here.

`modeling.heads.aggregation` has its equivalent for tensors, and a test checks that they agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, overload

import numpy as np

from analytics.scales import Scale, check_number_of_levels
from analytics.validation import Indices

# Its key in tables, reports and exports; no dimension may have it.
OVERALL = "overall"


@overload
def weighted_sum(scores: Sequence[Fraction | int], weights: Sequence[Fraction]) -> Fraction: ...
@overload
def weighted_sum(scores: Sequence[int], weights: Sequence[int]) -> int: ...
@overload
def weighted_sum(scores: Sequence[float], weights: Sequence[float]) -> float: ...
@overload
def weighted_sum(scores: Sequence[Indices], weights: Sequence[int]) -> Indices: ...
def weighted_sum(scores: Sequence[Any], weights: Sequence[Any]) -> Any:
    """Return Σ weight · score over the dimensions, in their order.

    Args:
        scores: one score, or one (N,) column of scores, of each dimension.
        weights: of each dimension.

    Raises:
        ValueError: no dimension, or not one weight for each score.

    >>> weighted_sum([3, 2], [Fraction(1, 3), Fraction(1, 2)])
    Fraction(2, 1)
    """
    if not scores or len(scores) != len(weights):
        raise ValueError(f"{len(weights)} weights for {len(scores)} scores")
    # Exact fractions are slow to multiply, and most weights are one.
    total, *rest = (
        score if weight == 1 else score * weight
        for score, weight in zip(scores, weights, strict=True)
    )
    for term in rest:
        total = total + term
    return total


@overload
def overall_score(
    scores: Sequence[Fraction | int | None], weights: Sequence[Fraction]
) -> Fraction | None: ...
@overload
def overall_score(scores: Sequence[float | None], weights: Sequence[float]) -> float | None: ...
def overall_score(scores: Sequence[Any], weights: Sequence[Any]) -> Any:
    """Return the weighted sum, or None if a score is missing.

    >>> overall_score([3, None], [Fraction(1), Fraction(1)]) is None
    True
    """
    return None if any(score is None for score in scores) else weighted_sum(scores, weights)


def whole_weights(weights: Sequence[Fraction]) -> tuple[tuple[int, ...], int]:
    """Return weights as numerators over one denominator, and that denominator.

    >>> whole_weights([Fraction(1, 2), Fraction(1, 3)])
    ((3, 2), 6)
    """
    common = lcm(*(weight.denominator for weight in weights))
    return tuple(int(weight * common) for weight in weights), common


def overall_values(scales: Mapping[str, Scale], weights: Mapping[str, Fraction]) -> list[Fraction]:
    """Return every value that the weighted sum of the dimensions' levels can take, in order.

    Dimension by dimension: many combinations of levels have one sum.

    Raises:
        ValueError: more values than a scale may have.
    """
    sums = {Fraction(0)}
    for key, scale in scales.items():
        steps = [Fraction(value) * weights[key] for value in scale.values]
        sums = {total + step for total in sums for step in steps}
        check_number_of_levels(len(sums))
    return sorted(sums)


@dataclass(frozen=True, eq=False)
class OverallScale:
    """The overall's scale, and the whole numbers by which tables of ratings find its levels.

    Attributes:
        scale: every value of the overall.
        weights: of each dimension, in whole numbers over the weights' common denominator.
        totals: (V,) weighted sum of each level in these whole numbers.
    """

    scale: Scale
    weights: Mapping[str, int]
    totals: Indices

    @classmethod
    def of(cls, scales: Mapping[str, Scale], weights: Mapping[str, Fraction]) -> "OverallScale":
        """Build from the dimensions' scales and weights.

        Raises:
            ValueError: more values than a scale may have.
        """
        numerators, common = whole_weights(list(weights.values()))
        values = overall_values(scales, weights)
        return cls(
            scale=Scale.of([float(value) for value in values]),
            weights=dict(zip(weights, numerators, strict=True)),
            totals=np.array([int(value * common) for value in values], dtype=np.int64),
        )

    def places(self, levels: Mapping[str, Indices]) -> Indices:
        """Return the (N,) level index of the overall of (N,) columns of level values."""
        total = weighted_sum(list(levels.values()), [self.weights[key] for key in levels])
        return np.searchsorted(self.totals, total).astype(np.int64)
