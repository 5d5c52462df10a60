"""`KeptRatings`: what the live store keeps of a long scale instead of sums, the ratings themselves.

Second moments grow with the fourth power of the levels, sparse ones with the pairs of ratings
within an item; the ratings are the smallest form that every interval can be made of, and they are
added and subtracted as exactly as whole-number sums.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analytics.agreement.sums.exact.exact_sums import RaterPair
from analytics.agreement.sums.exact.signed_ratings import SignedRatings
from analytics.scales import Scale
from analytics.tables import RatingTable
from analytics.validation import Indices

# item, unit, rater, level, and how often: one, or minus one in what is taken away.
COLUMNS = 5
NO_PAIRS: Mapping[RaterPair, int] = {}


@dataclass(frozen=True, eq=False)
class KeptRatings:
    """Ratings of one (dimension, stratum, design) with their signs; each appears once.

    Attributes:
        scale: the declared levels.
        columns: (5, N) item id, unit id, rater id, level index, times.
    """

    scale: Scale
    columns: Indices

    @classmethod
    def empty(cls, scale: Scale) -> "KeptRatings":
        """Return no rating."""
        return cls(scale, np.zeros((COLUMNS, 0), dtype=np.int64))

    @classmethod
    def of(cls, scale: Scale, columns: Indices) -> "KeptRatings":
        """Add up (5, N) columns; ratings that cancel out are left out."""
        return cls(scale, _combined(columns))

    def __add__(self, other: "KeptRatings") -> "KeptRatings":
        return self._plus(other, 1)

    def __sub__(self, other: "KeptRatings") -> "KeptRatings":
        return self._plus(other, -1)

    def _plus(self, other: "KeptRatings", sign: int) -> "KeptRatings":
        if self.scale.values != other.scale.values:
            raise ValueError("the two scales differ")
        changed = other.columns.copy()
        changed[-1] *= sign
        # Only items that occur on both sides need comparing.
        touched = np.isin(self.columns[0], np.unique(changed[0]))
        both = np.hstack([self.columns[:, touched], changed])
        return KeptRatings(self.scale, np.hstack([self.columns[:, ~touched], _combined(both)]))

    @property
    def is_empty(self) -> bool:
        """Whether no rating is left."""
        return not self.columns.size

    @cached_property
    def raters(self) -> list[int]:
        """Ids of the raters, in order."""
        return [int(one) for one in np.unique(self.columns[2])]

    @property
    def shared(self) -> Mapping[RaterPair, int]:
        """Not kept: pairs of raters are counted on the dimensions."""
        return NO_PAIRS

    @cached_property
    def n_overlapping(self) -> int:
        """Items with at least one unit of two ratings."""
        item, unit = self.columns[:2]
        order = np.lexsort((unit, item))
        item, unit = item[order], unit[order]
        again = (item[1:] == item[:-1]) & (unit[1:] == unit[:-1])
        return len(np.unique(item[1:][again]))

    def level_counts(self) -> list[int]:
        """Ratings of each level."""
        found = np.zeros(len(self.scale), dtype=np.int64)
        np.add.at(found, self.columns[3], self.columns[4])
        return [int(number) for number in found]

    @cached_property
    def table(self) -> RatingTable:
        """The ratings as a table; labels are the ids.

        Raises:
            ValueError: a rating subtracted that was not there, as in a change.
        """
        if (self.columns[-1] != 1).any():
            raise ValueError("these ratings are a change: add them to the ratings they change")
        item, unit, rater, level = self.columns[:-1]
        return RatingTable.from_ids(
            unit=unit, rater=rater, level=level, item=item, scale=self.scale
        )


def keep_strata(ratings: SignedRatings, items: Sequence[int]) -> list[KeptRatings]:
    """Return the (S,) ratings of each stratum.

    Args:
        ratings: of whole items.
        items: (G,) item id of each state.
    """
    ids = np.asarray(items, dtype=np.int64)
    columns = np.stack(
        [
            ids[ratings.state],
            ratings.unit,
            ratings.rater,
            ratings.level,
            ratings.sign[ratings.state],
        ]
    )
    order = np.argsort(ratings.stratum, kind="stable")
    edges = np.searchsorted(ratings.stratum[order], np.arange(ratings.n_strata + 1))
    return [
        KeptRatings.of(ratings.scale, columns[:, order[start:end]])
        for start, end in pairwise(edges.tolist())
    ]


def _combined(columns: NDArray[np.int64]) -> Indices:
    """Sort by item, unit, rater and level, and add up the times of equal ratings."""
    if not columns.shape[1]:
        return columns
    ordered = columns[:, np.lexsort(columns[3::-1])]
    keys = ordered[:-1]
    first = np.concatenate([[True], (keys[:, 1:] != keys[:, :-1]).any(axis=0)])
    starts = np.flatnonzero(first)
    times = np.add.reduceat(ordered[-1], starts)
    found = np.vstack([keys[:, starts], times])
    return np.asarray(found[:, times != 0])
