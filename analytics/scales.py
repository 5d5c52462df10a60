"""The declared, ordered levels of one rating dimension; every table and report carries one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

FEWEST_LEVELS = 2
# Reports follow the levels that were given; a longer scale is a list of values, not of levels.
MOST_LEVELS = 10_001


@dataclass(frozen=True)
class Scale:
    """Ordered levels with their numeric values.

    Attributes:
        values: numeric value of each level, strictly increasing, at least two.
        labels: name of each level, in the same order.
        declared: the scale that these levels are some of, see `among`; None: these are all.
    """

    values: tuple[float, ...]
    labels: tuple[str, ...]
    declared: "Scale | None" = None

    def __post_init__(self) -> None:
        check_number_of_levels(len(self.values))
        if len(self.labels) != len(self.values):
            raise ValueError(f"{len(self.values)} levels but {len(self.labels)} labels")
        if not all(math.isfinite(value) for value in self.values):
            raise ValueError(f"level values must be finite numbers, got {self.values}")
        if any(b <= a for a, b in zip(self.values, self.values[1:], strict=False)):
            raise ValueError(f"level values must increase strictly, got {self.values}")

    @classmethod
    def of(cls, values: Sequence[float], labels: Sequence[str] | None = None) -> Self:
        """Build a scale; without labels each level is named by its value.

        >>> Scale.of([1, 2, 3, 4]).labels
        ('1', '2', '3', '4')
        """
        check_number_of_levels(len(values))
        numbers = tuple(float(value) for value in values)
        names = tuple(f"{value:g}" for value in numbers) if labels is None else tuple(labels)
        return cls(values=numbers, labels=names)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def whole(self) -> "Scale":
        """All declared levels: weights depend on their number, range and order."""
        return self.declared or self

    @cached_property
    def ranks(self) -> NDArray[np.int64]:
        """(V,) place of each level among the declared ones."""
        return np.searchsorted(self.whole.values, self.values).astype(np.int64)

    @property
    def span(self) -> float:
        """Highest minus lowest declared value."""
        return self.whole.values[-1] - self.whole.values[0]

    def among(self, places: Sequence[int] | NDArray[np.integer]) -> "Scale":
        """Return the scale of some levels, which still knows the declared ones.

        A level that no rating has does not add to any sum, so that statistics need only those that
        are present. Fewer than two are filled up with the lowest others.

        Args:
            places: places in this scale, in any order.

        >>> few = Scale.of(range(101)).among([7, 3, 100])
        >>> few.values, few.ranks.tolist(), few.span
        ((3.0, 7.0, 100.0), [3, 7, 100], 100.0)
        """
        kept = {int(place) for place in places}
        for place in range(FEWEST_LEVELS):
            if len(kept) < FEWEST_LEVELS:
                kept.add(place)
        chosen = sorted(kept)
        return Scale(
            values=tuple(self.values[place] for place in chosen),
            labels=tuple(self.labels[place] for place in chosen),
            declared=self.whole,
        )


def check_number_of_levels(number: int) -> None:
    """Raise ValueError unless a scale may have this many levels."""
    if number < FEWEST_LEVELS:
        raise ValueError(f"a scale needs at least two levels, got {number}")
    if number > MOST_LEVELS:
        raise ValueError(
            f"a scale has at most {MOST_LEVELS:,} levels, got {number:,}: "
            "declare the levels that can be given, or coarser ones"
        )
