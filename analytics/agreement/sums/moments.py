"""Stored moments: mergeable sums of one (dimension, stratum, design) that a report needs.

The live store keeps whole-number sums (`exact`) and reads each stratum's as `Moments`; those of a
stratum and of the rest add and subtract whole.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.agreement.sums.layout import Floats, Layout
from analytics.agreement.sums.parted_sums import RESIDUE
from analytics.agreement.sums.present_levels import MOST_DENSE
from analytics.scales import Scale
from analytics.validation import Indices

Pattern = tuple[int, ...]


def check_storable(scale: Scale) -> None:
    """Raise ValueError for a scale whose second moments would outgrow its ratings."""
    if len(scale) > MOST_DENSE:
        raise ValueError(
            f"stored moments are for at most {MOST_DENSE} levels, got {len(scale)}: "
            "keep the ratings, and report on them with `gather`"
        )


@dataclass(frozen=True, eq=False)
class ClusterMoments:
    """Sums over n clusters of their (K,) vectors s.

    Attributes:
        n: number of clusters.
        first: (K,) Σ s.
        second: (K, K) Σ s sᵀ.
    """

    n: int
    first: Floats
    second: Floats

    @classmethod
    def empty(cls, size: int) -> "ClusterMoments":
        """Return the moments of no cluster."""
        return cls(0, np.zeros(size), np.zeros((size, size)))

    def plus(self, other: "ClusterMoments", sign: int) -> "ClusterMoments":
        """Add another's sums, or with sign -1 subtract them."""
        return ClusterMoments(
            self.n + sign * other.n,
            self.first + sign * other.first,
            self.second + sign * other.second,
        )


@dataclass(frozen=True, eq=False)
class RaterMoments:
    """Sums of one rater.

    Attributes:
        n_ratings: ratings in all.
        levels: (V,) ratings per level.
        part: (K,) what the rater's ratings add to the sums, see `rater_parts.rater_parts`.
        versus: moments over items of the vectors against the others, see `exact.rater_panels`.
        influence: moments over the rater's items of the item's coincidences and, after them, of
            what the rater adds to these; for the interval of the leave-one-out difference.
    """

    n_ratings: int
    levels: Floats
    part: Floats
    versus: ClusterMoments
    influence: ClusterMoments

    def plus(self, other: "RaterMoments", sign: int) -> "RaterMoments":
        """Add another's sums, or with sign -1 subtract them."""
        return RaterMoments(
            self.n_ratings + sign * other.n_ratings,
            self.levels + sign * other.levels,
            self.part + sign * other.part,
            self.versus.plus(other.versus, sign),
            self.influence.plus(other.influence, sign),
        )

    @property
    def matters(self) -> bool:
        """Whether there is any change: a change may have no new rating, yet other sums."""
        if self.n_ratings != 0:
            return True
        clusters = (self.versus, self.influence)
        arrays = [self.levels, self.part, *(c.first for c in clusters)]
        arrays += [c.second for c in clusters]
        return any((np.abs(array) > RESIDUE).any() for array in arrays)

    @classmethod
    def empty(cls, scale: Scale) -> "RaterMoments":
        """Return the moments of a rater without ratings."""
        n_levels = len(scale)
        layout = Layout(n_levels)
        return cls(
            n_ratings=0,
            levels=np.zeros(n_levels),
            part=np.zeros(layout.size),
            versus=ClusterMoments.empty(n_levels**2 + 1),
            influence=ClusterMoments.empty(2 * layout.n_triangle),
        )


@dataclass(frozen=True, eq=False)
class Moments:
    """All sums of one (dimension, stratum, design); immutable, added and subtracted whole.

    Attributes:
        scale: the declared levels.
        patterns: number of units with each tuple of level counts.
        overlapping: moments over the items with at least one pairable unit.
        rated: moments over the items with any rating.
        raters: sums of each rater by label.
    """

    scale: Scale
    patterns: Mapping[Pattern, int]
    overlapping: ClusterMoments
    rated: ClusterMoments
    raters: Mapping[Hashable, RaterMoments]

    @classmethod
    def empty(cls, scale: Scale) -> "Moments":
        """Return the moments of no rating."""
        check_storable(scale)
        nothing = ClusterMoments.empty(Layout(len(scale)).size)
        return cls(scale, {}, nothing, nothing, {})

    def __add__(self, other: "Moments") -> "Moments":
        return self._plus(other, 1)

    def __sub__(self, other: "Moments") -> "Moments":
        return self._plus(other, -1)

    def _plus(self, other: "Moments", sign: int) -> "Moments":
        if self.scale.values != other.scale.values:
            raise ValueError(f"scales differ: {self.scale.values} and {other.scale.values}")
        patterns = dict(self.patterns)
        for pattern, times in other.patterns.items():
            patterns[pattern] = patterns.get(pattern, 0) + sign * times
        raters = dict(self.raters)
        for label, sums in other.raters.items():
            known = raters.get(label) or RaterMoments.empty(self.scale)
            raters[label] = known.plus(sums, sign)
        return Moments(
            scale=self.scale,
            patterns={pattern: times for pattern, times in patterns.items() if times},
            overlapping=self.overlapping.plus(other.overlapping, sign),
            rated=self.rated.plus(other.rated, sign),
            raters={label: sums for label, sums in raters.items() if sums.matters},
        )

    @cached_property
    def present_raters(self) -> Mapping[Hashable, RaterMoments]:
        """The raters with ratings: after withdrawals others may keep sums of rounding."""
        return {label: sums for label, sums in self.raters.items() if sums.n_ratings > 0}

    @cached_property
    def unit_patterns(self) -> tuple[Indices, Indices]:
        """(P, V) level counts and (P,) units of each, in sorted order, so that sums round alike.

        Raises:
            ValueError: a negative count, as in a change that was not yet added to its base.
        """
        if any(times < 0 for times in self.patterns.values()):
            raise ValueError("these moments are a change: add them to the moments they change")
        patterns = sorted(self.patterns)
        counts = np.asarray(patterns, dtype=np.int64).reshape(-1, len(self.scale))
        return counts, np.asarray([self.patterns[p] for p in patterns], dtype=np.int64)

    @cached_property
    def total(self) -> Floats:
        """(K,) sums over all units."""
        counts, times = self.unit_patterns
        return np.asarray(times @ Layout(len(self.scale)).vectors(counts))
