"""Scales of a picture: from figures to places on it, with round marks along the axis."""

import math
from dataclasses import dataclass

STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, and what it says."""

    place: float
    label: str


@dataclass(frozen=True)
class Axis:
    """A straight scale from `low` … `high` to `start` … `end` on the picture."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        """The position of a figure; figures beyond the ends are drawn at the ends."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self, about: int) -> list[Tick]:
        """About so many marks at round figures."""
        step = _round_step((self.high - self.low) / about)
        digits = max(0, -math.floor(math.log10(step)))
        first, last = math.ceil(self.low / step), math.floor(self.high / step + 1e-9)
        return [
            Tick(self.place(place * step), f"{place * step:.{digits}f}")
            for place in range(first, last + 1)
        ]


def _round_step(step: float) -> float:
    """The next larger of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in STEPS if factor * power >= step - 1e-12)
