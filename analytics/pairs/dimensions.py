"""The rubric as pairs see it: named dimensions with exact weights. Used by every pair module."""

from dataclasses import dataclass
from fractions import Fraction

from analytics.overall import OVERALL


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Dimension names in rubric order and the weight of each in the overall score.

    Raises:
        ValueError: if there is no dimension, a name repeats or is "overall", or a weight is not
            positive.
    """

    names: tuple[str, ...]
    weights: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if not self.names or len(self.names) != len(self.weights):
            raise ValueError("a rubric needs at least one dimension and one weight for each")
        if len(set(self.names)) != len(self.names) or OVERALL in self.names:
            raise ValueError(f"dimension names must be distinct and none may be {OVERALL!r}")
        if any(weight <= 0 for weight in self.weights):
            raise ValueError("every dimension weight must be positive")
