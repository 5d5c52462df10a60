"""What the live store counts of a rubric: its dimensions' scales and the overall's."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import lcm

from analytics.agreement.exact.crossing import ExactCross
from analytics.agreement.exact.sums import ExactSums
from analytics.scales import Scale
from annotation_app.models import Rubric
from annotation_app.selectors.scales import (
    OVERALL,
    overall_scale,
    overall_values,
    rubric_scales,
    rubric_weights,
)

# The second moments grow with the fourth power of the levels: 12 levels hold 14,535 numbers.
MOST_LEVELS = 12


@dataclass(frozen=True, eq=False)
class LiveShape:
    """Scales by dimension key in rubric order, the overall last if it is kept.

    Attributes:
        scales: of the dimensions with at most twelve levels.
        places: index of a level value, by dimension.
        weights: of each dimension in the overall, over their common denominator.
        overall: index of each weighted sum over that denominator; empty if it is not kept.
    """

    scales: Mapping[str, Scale]
    places: Mapping[str, Mapping[int, int]]
    weights: Mapping[str, int]
    overall: Mapping[int, int]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Pairs of dimensions whose paired difference is kept, in rubric order."""
        return list(combinations([key for key in self.scales if key != OVERALL], 2))

    @cached_property
    def nothing(self) -> Mapping[str, ExactSums]:
        """The sums of no rating, by dimension."""
        return {key: ExactSums.empty(scale) for key, scale in self.scales.items()}

    @cached_property
    def no_cross(self) -> Mapping[tuple[str, str], ExactCross]:
        """The cross sums of no item, by pair."""
        sizes = {key: len(scale) for key, scale in self.scales.items()}
        return {pair: ExactCross.empty((sizes[pair[0]], sizes[pair[1]])) for pair in self.pairs}


def live_shape(rubric: Rubric) -> LiveShape:
    """Read a rubric's shape; scales of more than twelve levels are not kept live."""
    every, fractions = rubric_scales(rubric), rubric_weights(rubric)
    common = lcm(*(weight.denominator for weight in fractions.values()))
    weights = {key: int(weight * common) for key, weight in fractions.items()}
    scales = {key: scale for key, scale in every.items() if len(scale) <= MOST_LEVELS}
    places = {
        key: {int(value): place for place, value in enumerate(scale.values)}
        for key, scale in every.items()
    }
    values = overall_values(every, fractions)
    if len(values) > MOST_LEVELS:
        return LiveShape(scales, places, weights, {})
    scales[OVERALL] = overall_scale(every, fractions)
    sums = {int(value * common): place for place, value in enumerate(values)}
    return LiveShape(scales, places, weights, sums)
