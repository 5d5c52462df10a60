"""Ratings of whole items in several strata at once, each item's state with its sign."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.agreement.sums.exact.vectors import denominator_for
from analytics.agreement.sums.patterns import KEY_LIMIT
from analytics.scales import Scale
from analytics.validation import Indices, check_lengths, check_range


@dataclass(frozen=True, eq=False)
class SignedRatings:
    """N ratings of one dimension; a rating appears once for every stratum it belongs to.

    A *state* is an item's ratings at one moment: ratings that are added have the sign 1, ratings
    that are subtracted -1. Inside a stratum a unit has only the ratings of that stratum.

    Attributes:
        scale: the declared levels.
        stratum: (N,) stratum code, 0 … S - 1.
        state: (N,) state of each rating, 0 … G - 1.
        unit: (N,) unit ids.
        rater: (N,) rater ids.
        level: (N,) level index.
        sign: (G,) 1 or -1.
        n_strata: S.

    Raises:
        ValueError: unequal lengths, codes out of range, or a rater twice on a unit.
    """

    scale: Scale
    stratum: Indices
    state: Indices
    unit: Indices
    rater: Indices
    level: Indices
    sign: Indices
    n_strata: int

    def __post_init__(self) -> None:
        check_lengths(
            stratum=self.stratum,
            state=self.state,
            unit=self.unit,
            rater=self.rater,
            level=self.level,
        )
        check_range("stratum", self.stratum, self.n_strata)
        check_range("state", self.state, len(self.sign))
        check_range("level", self.level, len(self.scale))
        self._check_once()

    def _check_once(self) -> None:
        codes, places = np.unique(self.rater, return_inverse=True)
        keys = self.units.of_rating * max(len(codes), 1) + places
        if len(np.unique(keys)) < len(keys):
            raise ValueError("a rater appears twice on one unit of one item")

    @cached_property
    def units(self) -> "Units":
        """The units, sorted by stratum, then state."""
        ids, codes = np.unique(self.unit, return_inverse=True)
        clusters = self.stratum * max(len(self.sign), 1) + self.state
        keys, of_rating = np.unique(clusters * max(len(ids), 1) + codes, return_inverse=True)
        n_levels = len(self.scale)
        flat = np.bincount(of_rating * n_levels + self.level, minlength=len(keys) * n_levels)
        return Units(of_rating, keys // max(len(ids), 1), flat.reshape(-1, n_levels))


@dataclass(frozen=True, eq=False)
class Units:
    """The (stratum, state, unit) triples that hold ratings.

    Attributes:
        of_rating: (N,) triple of each rating.
        cluster: (U,) stratum · G + state, in order.
        counts: (U, V) level counts.
    """

    of_rating: Indices
    cluster: Indices
    counts: Indices

    @cached_property
    def patterns(self) -> Indices:
        """(P, V) distinct level counts."""
        return self._distinct[0]

    @cached_property
    def pattern(self) -> Indices:
        """(U,) pattern of each unit."""
        return self._distinct[1]

    @cached_property
    def denominator(self) -> int:
        """Over which the vectors of all patterns are whole."""
        return denominator_for(int(self.counts.sum(axis=1).max(initial=0)))

    @cached_property
    def _distinct(self) -> tuple[Indices, Indices]:
        n_levels, base = self.counts.shape[1], int(self.counts.max(initial=0)) + 1
        if base**n_levels > KEY_LIMIT:
            found, inverse = np.unique(self.counts, axis=0, return_inverse=True)
            return found, inverse.reshape(-1)
        powers = base ** np.arange(n_levels, dtype=np.int64)
        keys, inverse = np.unique(self.counts @ powers, return_inverse=True)
        return keys[:, None] // powers % base, inverse
