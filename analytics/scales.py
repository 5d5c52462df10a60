"""The declared, ordered levels of one rating dimension; every table and report carries one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

FEWEST_LEVELS = 2


@dataclass(frozen=True)
class Scale:
    """Ordered levels with their numeric values.

    Attributes:
        values: numeric value of each level, strictly increasing, at least two.
        labels: name of each level, in the same order.
    """

    values: tuple[float, ...]
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.values) < FEWEST_LEVELS:
            raise ValueError(f"a scale needs at least two levels, got {len(self.values)}")
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
        numbers = tuple(float(value) for value in values)
        names = tuple(f"{value:g}" for value in numbers) if labels is None else tuple(labels)
        return cls(values=numbers, labels=names)

    def __len__(self) -> int:
        return len(self.values)
