"""Factors on σ that make predicted win probabilities honest, fitted on validation pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from analytics.overall import OVERALL

_MOST = 1000  # fitted ones are between 0.1 and 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """A factor per dimension key and for ``overall``; a missing key means 1."""

    spread: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse factors outside the allowed range."""
        if any(not 1 / _MOST <= value <= _MOST for value in self.spread.values()):
            raise ValueError(f"calibration factors must be between 1/{_MOST} and {_MOST}")

    def factor(self, key: str = OVERALL) -> float:
        """The factor of a dimension, or of the overall."""
        return self.spread.get(key, 1.0)

    def to_json(self) -> dict[str, dict[str, float]]:
        """Plain data for ``config.json``."""
        return {"spread": dict(self.spread)}

    @classmethod
    def from_json(cls, value: Mapping[str, Mapping[str, float]]) -> Self:
        """Read :meth:`to_json`."""
        return cls({key: float(factor) for key, factor in value.get("spread", {}).items()})
