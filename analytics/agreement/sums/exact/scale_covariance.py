"""Exact cross sums of two dimensions: what the paired difference needs."""

from dataclasses import dataclass

import numpy as np

from analytics.agreement.sums.exact.counting import item_rows
from analytics.agreement.sums.exact.integers import Whole, cross_product, divided, plus, times
from analytics.agreement.sums.exact.signed_ratings import SignedRatings
from analytics.agreement.sums.exact.vectors import denominator_for
from analytics.agreement.sums.group_sums import slices
from analytics.agreement.sums.layout import Layout
from analytics.agreement.sums.scale_covariance import CrossMoments
from analytics.validation import Indices


@dataclass(frozen=True, eq=False)
class ExactCross:
    """Whole-number `CrossMoments` of one stratum.

    Attributes:
        denominators: of the first and of the second dimension's vectors.
        counts: (2,) items with overlap on either dimension, and on both.
        product: (K₁, K₂) Σ s₁ s₂ᵀ times both denominators.
    """

    denominators: tuple[int, int]
    counts: Whole
    product: Whole

    @classmethod
    def empty(cls, n_levels: tuple[int, int]) -> "ExactCross":
        """Return the cross sums of no item."""
        sizes = tuple(Layout(n).size for n in n_levels)
        usual = denominator_for(0)
        return cls((usual, usual), np.zeros(2, np.int64), np.zeros(sizes, np.int64))

    def __add__(self, other: "ExactCross") -> "ExactCross":
        return self._plus(other, 1)

    def __sub__(self, other: "ExactCross") -> "ExactCross":
        return self._plus(other, -1)

    @property
    def is_empty(self) -> bool:
        """Whether no sum is left."""
        return not (self.counts.any() or self.product.any())

    def rescaled(self, denominators: tuple[int, int]) -> "ExactCross":
        """Return the same sums over multiples of the denominators."""
        factor = denominators[0] // self.denominators[0] * (denominators[1] // self.denominators[1])
        if factor == 1:
            return self
        return ExactCross(denominators, self.counts, times(self.product, [factor]))

    def to_moments(self) -> CrossMoments:
        """Divide by the denominators."""
        divisor = np.array([self.denominators[0] * self.denominators[1]], dtype=object)
        either, both = self.counts.tolist()
        return CrossMoments(int(either), int(both), divided(self.product, divisor))

    def _plus(self, other: "ExactCross", sign: int) -> "ExactCross":
        first, second = (
            max(pair) for pair in zip(self.denominators, other.denominators, strict=True)
        )
        one, two = self.rescaled((first, second)), other.rescaled((first, second))
        return ExactCross(
            (first, second),
            plus(one.counts, two.counts, sign),
            plus(one.product, two.product, sign),
        )


def count_crosses(first: SignedRatings, second: SignedRatings) -> list[ExactCross]:
    """Return the (S,) cross sums of each stratum; both must name states and strata alike."""
    if first.n_strata != second.n_strata or not np.array_equal(first.sign, second.sign):
        raise ValueError("the two dimensions must have the same states and strata")
    n_states = max(len(first.sign), 1)
    one, other = _overlapping(first), _overlapping(second)
    keys = np.union1d(one[0], other[0])
    joined = np.intersect1d(one[0], other[0])
    rows = [rows[np.searchsorted(keys_of, joined)] for keys_of, rows in (one, other)]
    either = _signed_counts(keys, first.sign, first.n_strata)
    both = _signed_counts(joined, first.sign, first.n_strata)
    sign = first.sign[joined % n_states][:, None]
    denominators = (first.units.denominator, second.units.denominator)
    return [
        ExactCross(
            denominators,
            np.array([either[stratum], both[stratum]]),
            cross_product(rows[0][part] * sign[part], rows[1][part]),
        )
        for stratum, part in enumerate(slices(joined // n_states, first.n_strata))
    ]


def _overlapping(ratings: SignedRatings) -> tuple[Indices, Whole]:
    clusters, rows = item_rows(ratings)
    shared = rows[:, -1] > 0
    return clusters[shared], rows[shared]


def _signed_counts(keys: Indices, sign: Indices, n_strata: int) -> list[int]:
    n_states = max(len(sign), 1)
    signs = sign[keys % n_states]
    return [int(signs[part].sum()) for part in slices(keys // n_states, n_strata)]
