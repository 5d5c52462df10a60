"""Shares with exact intervals, for counters of careless work."""

from dataclasses import dataclass

from scipy.special import betaincinv

from analytics.limits import CONFIDENCE


@dataclass(frozen=True)
class Share:
    """k of n with its Clopper-Pearson 95 % interval; without any n the bounds are 0 and 1.

    Attributes:
        k: how often.
        n: of how many.
        low: lower bound.
        high: upper bound.
    """

    k: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """K / n, None for n = 0."""
        return self.k / self.n if self.n else None


def share(k: int, n: int) -> Share:
    """Count k of n.

    >>> found = share(2, 10)
    >>> round(found.low, 4), round(found.high, 4)
    (0.0252, 0.5561)

    Raises:
        ValueError: not 0 ≤ k ≤ n.
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n}")
    tail = (1 - CONFIDENCE) / 2
    low = float(betaincinv(k, n - k + 1, tail)) if k else 0.0
    high = float(betaincinv(k + 1, n - k, 1 - tail)) if k < n else 1.0
    return Share(k, n, low, high)
