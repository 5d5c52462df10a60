"""The rubric as pairs see it: named dimensions with exact weights. Used by every pair module."""

from collections.abc import Mapping, Sequence
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


def equal_weights(names: Sequence[str]) -> Dimensions:
    """Return the dimensions with weight 1 each, as the paper sums them."""
    return Dimensions(tuple(names), (Fraction(1),) * len(names))


def weights_for_scales(
    levels: Mapping[str, int], declared: Mapping[str, Fraction] | None = None
) -> Dimensions:
    """Return the dimensions of a rubric whose scales have the given numbers of levels.

    Raises:
        ValueError: if scales differ in length and no weights are declared, or a weight is missing.
    """
    if declared is None:
        if len(set(levels.values())) > 1:
            raise ValueError(f"scales of unequal length need declared weights: {dict(levels)}")
        return equal_weights(tuple(levels))
    missing = [name for name in levels if name not in declared]
    if missing:
        raise ValueError(f"no weight is declared for {', '.join(missing)}")
    return Dimensions(tuple(levels), tuple(Fraction(declared[name]) for name in levels))
