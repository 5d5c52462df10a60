"""What the live store counts of a rubric: its dimensions' scales and the overall's."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from analytics.agreement.sums.exact.exact_sums import ExactSums
from analytics.agreement.sums.exact.kept_ratings import KeptRatings
from analytics.agreement.sums.exact.scale_covariance import ExactCross
from analytics.agreement.sums.exact.stratum_sums import StratumSums
from analytics.agreement.sums.present_levels import MOST_DENSE
from analytics.overall import OVERALL, OverallScale
from analytics.scales import Scale
from annotation_app.models import Rubric
from annotation_app.selectors.rubrics.scales import rubric_scales, rubric_weights


@dataclass(frozen=True, eq=False)
class LiveShape:
    """Scales by dimension key in rubric order, the overall last.

    Attributes:
        scales: of the dimensions and the overall.
        places: index of a level value, by dimension.
        weights: of each dimension in the overall, over their common denominator.
        overall: index of each weighted sum over that denominator.
    """

    scales: Mapping[str, Scale]
    places: Mapping[str, Mapping[int, int]]
    weights: Mapping[str, int]
    overall: Mapping[int, int]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Pairs of dimensions whose paired difference is kept, in rubric order."""
        summed = [key for key in self.scales if key != OVERALL and key not in self.kept]
        return list(combinations(summed, 2))

    @cached_property
    def kept(self) -> frozenset[str]:
        """Keys whose ratings are kept instead of sums: their second moments would outgrow these.

        Moments grow with the fourth power of the levels: 12 levels hold 14,535 numbers.
        """
        return frozenset(key for key, scale in self.scales.items() if len(scale) > MOST_DENSE)

    @cached_property
    def nothing(self) -> Mapping[str, StratumSums]:
        """The sums of no rating, by dimension."""
        return {
            key: KeptRatings.empty(scale) if key in self.kept else ExactSums.empty(scale)
            for key, scale in self.scales.items()
        }

    @cached_property
    def no_cross(self) -> Mapping[tuple[str, str], ExactCross]:
        """The cross sums of no item, by pair."""
        sizes = {key: len(scale) for key, scale in self.scales.items()}
        return {pair: ExactCross.empty((sizes[pair[0]], sizes[pair[1]])) for pair in self.pairs}


def live_shape(rubric: Rubric) -> LiveShape:
    """Read a rubric's shape."""
    every, fractions = rubric_scales(rubric), rubric_weights(rubric)
    overall = OverallScale.of(every, fractions)
    places = {
        key: {int(value): place for place, value in enumerate(scale.values)}
        for key, scale in every.items()
    }
    sums = {total: place for place, total in enumerate(overall.totals.tolist())}
    return LiveShape(every | {OVERALL: overall.scale}, places, overall.weights, sums)
