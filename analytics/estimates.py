"""Result values that every statistic returns: a number or the reason why there is none."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from analytics.limits import CONFIDENCE


class Reason(StrEnum):
    """Why a figure is undefined; never replaced by 0, 1 or NaN."""

    NO_OVERLAP = "no_overlap"
    """No unit has two ratings."""
    NO_VARIATION = "no_variation"
    """All pairable ratings are equal, so agreement cannot be distinguished from chance."""
    FEW_ITEMS = "few_items"
    """Fewer than five items with overlap: no interval is shown."""
    FEW_RATERS = "few_raters"
    """Fewer than three raters: the spread between annotators cannot be estimated."""
    NO_DISAGREEMENT = "no_disagreement"
    """Perfect agreement: the data contain no information on the spread."""
    NO_AGREEMENT = "no_agreement"
    """No two ratings agree: the data contain no information on the spread."""
    NOT_CONNECTED = "not_connected"
    """Leaving out one annotator leaves no overlap, or no variation."""
    NO_DISCRIMINATION = "no_discrimination"
    """Levels that look like levels that ignore quality: no severity on their scale."""


@dataclass(frozen=True)
class Estimate:
    """A point value, or None with its reason."""

    value: float | None
    reason: Reason | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError("an estimate has either a value or a reason")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"an estimate is a finite number, got {self.value}")


@dataclass(frozen=True)
class Interval:
    """A confidence interval, or None bounds with the reason.

    Attributes:
        low: lower bound.
        high: upper bound.
        standard_error: on the scale of the estimate.
        method: name of the method, printed with the interval.
        degrees_of_freedom: of the t quantile; None for a bootstrap.
        reason: why there are no bounds.
        level: of confidence.
    """

    low: float | None
    high: float | None
    method: str
    standard_error: float | None = None
    degrees_of_freedom: float | None = None
    reason: Reason | None = None
    level: float = CONFIDENCE

    @classmethod
    def undefined(cls, method: str, reason: Reason) -> "Interval":
        """Build the interval that says why it has no bounds."""
        return cls(low=None, high=None, method=method, reason=reason)

    @property
    def bounds(self) -> tuple[float, float] | None:
        """(low, high), or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def width(self) -> float | None:
        """Distance between the bounds, or None."""
        return None if self.low is None or self.high is None else self.high - self.low


def estimate(value: float | NDArray[np.inexact], reason: Reason) -> Estimate:
    """Return the value, or the reason where it is not finite.

    >>> estimate(float("nan"), Reason.NO_VARIATION).reason
    <Reason.NO_VARIATION: 'no_variation'>
    """
    number = float(np.real(value))
    return Estimate(number) if math.isfinite(number) else Estimate(None, reason)
