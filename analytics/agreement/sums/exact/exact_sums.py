"""`ExactSums`: what the live store keeps of one (dimension, stratum, design)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from analytics.agreement.sums.exact.integers import Whole, plus, times
from analytics.agreement.sums.exact.vectors import (
    body_powers,
    denominator_for,
    panel_powers,
    part_powers,
)
from analytics.agreement.sums.moments import Pattern
from analytics.scales import Scale

Key = TypeVar("Key")
RaterPair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class ExactSums:
    """Whole-number sums over items; added and subtracted without rounding.

    A sum of vectors is stored times the denominator, a sum of products times its square.

    Attributes:
        scale: the declared levels.
        denominator: see `vectors.denominator_for`.
        patterns: units with each tuple of level counts.
        body: items with overlap and rated items, then Σ s and the upper triangle of Σ s sᵀ over
            the first and over the second.
        raters: by rater: level counts, then what the rater adds to the sums.
        panels: by rater: items with overlap, Σ and Σ · ·ᵀ of the vectors against the others and
            of the influence; empty if they are not kept.
        shared: units that each pair of raters both rated, the smaller id first; empty if not
            kept.
    """

    scale: Scale
    denominator: int
    patterns: Mapping[Pattern, int]
    body: Whole
    raters: Mapping[int, Whole]
    panels: Mapping[int, Whole]
    shared: Mapping[RaterPair, int]

    @classmethod
    def empty(cls, scale: Scale) -> "ExactSums":
        """Return the sums of no rating."""
        body = np.zeros(len(body_powers(len(scale))), dtype=np.int64)
        return cls(scale, denominator_for(0), {}, body, {}, {}, {})

    def __add__(self, other: "ExactSums") -> "ExactSums":
        return self._plus(other, 1)

    def __sub__(self, other: "ExactSums") -> "ExactSums":
        return self._plus(other, -1)

    @property
    def is_empty(self) -> bool:
        """Whether no sum is left."""
        return not (self.patterns or self.raters or self.panels or self.body.any())

    def rescaled(self, denominator: int) -> "ExactSums":
        """Return the same sums over a multiple of the denominator.

        Raises:
            ValueError: not a multiple.
        """
        factor, rest = divmod(denominator, self.denominator)
        if rest:
            raise ValueError(f"{denominator} is not a multiple of {self.denominator}")
        if factor == 1:
            return self
        n_levels = len(self.scale)
        parts, panels = part_powers(n_levels), panel_powers(n_levels)
        return ExactSums(
            self.scale,
            denominator,
            self.patterns,
            _raised(self.body, factor, body_powers(n_levels)),
            {rater: _raised(row, factor, parts) for rater, row in self.raters.items()},
            {rater: _raised(row, factor, panels) for rater, row in self.panels.items()},
            self.shared,
        )

    def _plus(self, other: "ExactSums", sign: int) -> "ExactSums":
        if self.scale.values != other.scale.values:
            raise ValueError(f"scales differ: {self.scale.values} and {other.scale.values}")
        common = max(self.denominator, other.denominator)
        one, two = self.rescaled(common), other.rescaled(common)
        return ExactSums(
            self.scale,
            common,
            merged(one.patterns, two.patterns, sign),
            plus(one.body, two.body, sign),
            _merged_rows(one.raters, two.raters, sign),
            _merged_rows(one.panels, two.panels, sign),
            merged(one.shared, two.shared, sign),
        )


def merged(one: Mapping[Key, int], other: Mapping[Key, int], sign: int = 1) -> dict[Key, int]:
    """Add counts, or with sign -1 take them away; zeros are left out."""
    found = dict(one)
    for key, value in other.items():
        found[key] = found.get(key, 0) + sign * value
    return {key: value for key, value in found.items() if value}


def differing_parts(one: ExactSums, other: ExactSums) -> list[str]:
    """Name the parts in which two sums differ; none if they are equal to the last digit."""
    rest = one - other
    parts = {
        "patterns": bool(rest.patterns),
        "moments": bool(rest.body.any()),
        "raters": bool(rest.raters),
        "panels": bool(rest.panels),
        "shared units": bool(rest.shared),
    }
    return [name for name, differs in parts.items() if differs]


def _merged_rows(
    one: Mapping[int, Whole], other: Mapping[int, Whole], sign: int
) -> dict[int, Whole]:
    found = dict(one)
    for key, row in other.items():
        known = found.get(key)
        found[key] = sign * row if known is None else plus(known, row, sign)
    return {key: row for key, row in found.items() if row.any()}


def _raised(array: Whole, factor: int, powers: Whole) -> Whole:
    return times(array, [factor**power for power in powers.tolist()])
