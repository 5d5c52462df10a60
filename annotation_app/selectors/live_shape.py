"""What the live store counts of a rubric: its dimensions' scales and the overall's."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

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


@dataclass(frozen=True)
class LiveShape:
    """Scales by dimension key in rubric order, the overall last if it is kept.

    Attributes:
        scales: of the dimensions with at most twelve levels.
        places: index of a level value, by dimension.
        weights: of each dimension in the overall.
        overall: index of each value of the weighted sum; empty if it is not kept.
    """

    scales: Mapping[str, Scale]
    places: Mapping[str, Mapping[int, int]]
    weights: Mapping[str, Fraction]
    overall: Mapping[Fraction, int]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Pairs of dimensions whose paired difference is kept, in rubric order."""
        return list(combinations([key for key in self.scales if key != OVERALL], 2))


def live_shape(rubric: Rubric) -> LiveShape:
    """Read a rubric's shape; scales of more than twelve levels are not kept live."""
    every, weights = rubric_scales(rubric), rubric_weights(rubric)
    scales = {key: scale for key, scale in every.items() if len(scale) <= MOST_LEVELS}
    places = {
        key: {int(value): place for place, value in enumerate(scale.values)}
        for key, scale in every.items()
    }
    values = overall_values(every, weights)
    if len(values) > MOST_LEVELS:
        return LiveShape(scales, places, weights, {})
    scales[OVERALL] = overall_scale(every, weights)
    return LiveShape(scales, places, weights, {value: i for i, value in enumerate(values)})
