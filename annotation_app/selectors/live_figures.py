"""What readers get from the live store: strata with their figures, computed when asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.agreement.cross import CrossMoments, paired_difference
from analytics.agreement.differences import Difference
from analytics.agreement.exact.crossing import ExactCross
from analytics.agreement.exact.moments import to_moments
from analytics.agreement.exact.sums import ExactSums, RaterPair
from analytics.agreement.layout import Floats, Layout
from analytics.agreement.moments import Moments
from analytics.agreement.report import (
    HEADLINE,
    AgreementSummary,
    CoefficientLine,
    summarise,
    summary_line,
)
from annotation_app.enums import Facet


class LiveStratum:
    """One slice of a campaign's counted ratings.

    Attributes:
        key: the stratum's name in the store: category or source as written, generator or
            guideline id, ISO day; empty in the pooled slice.
        label: what a page shows for it.
        sums: exact sums by dimension, the overall last.
        crosses: exact cross sums by pair of dimensions.
    """

    def __init__(
        self,
        key: str,
        label: str,
        sums: Mapping[str, ExactSums],
        crosses: Mapping[tuple[str, str], ExactCross],
    ) -> None:
        self.key = key
        self.label = label
        self.sums = sums
        self.crosses = crosses
        self._moments: dict[str, Moments] = {}
        self._summaries: dict[str, AgreementSummary] = {}
        self._headlines: dict[str, CoefficientLine] = {}

    def moments(self, dimension: str) -> Moments:
        """Return the moments; rater labels are user ids.

        For rater panels take the pooled stratum's moments: only these keep what panels need, and
        not of the overall.
        """
        if dimension not in self._moments:
            self._moments[dimension] = to_moments(self.sums[dimension])
        return self._moments[dimension]

    def summary(self, dimension: str) -> AgreementSummary:
        """Return every coefficient with n, both intervals and reasons."""
        if dimension not in self._summaries:
            self._summaries[dimension] = summarise(self.moments(dimension).evidence)
        return self._summaries[dimension]

    def headline(self, dimension: str) -> CoefficientLine:
        """Return the ordinal α with both intervals; an eighth of the cost of `summary`."""
        if dimension not in self._headlines:
            self._headlines[dimension] = summary_line(HEADLINE, self.moments(dimension).evidence)
        return self._headlines[dimension]

    def difference(self, first: str, second: str) -> Difference:
        """Return the paired difference of the ordinal α of two dimensions, first minus second.

        Raises:
            KeyError: for the overall, or dimensions against the rubric's order.
        """
        cross: CrossMoments = self.crosses[first, second].to_moments()
        return paired_difference(HEADLINE, self.moments(first), self.moments(second), cross)

    def n_items(self, dimension: str) -> int:
        """Items with at least one candidate that two annotators rated: the overlap n."""
        return int(self.sums[dimension].body[0])

    def level_counts(self, dimension: str) -> list[int]:
        """Ratings of each level, in the order of the scale."""
        counts = np.zeros(len(self.sums[dimension].scale), dtype=np.int64)
        for pattern, times in self.sums[dimension].patterns.items():
            counts += np.asarray(pattern) * times
        return [int(count) for count in counts]

    def coincidences(self, dimension: str) -> Floats:
        """(V, V) pairs of ratings of one candidate, each over m - 1: the symmetric confusion."""
        moments = self.moments(dimension)
        total = moments.overlapping.first
        return np.asarray(Layout(len(moments.scale)).coincidences(total), dtype=np.float64)

    def annotators(self, dimension: str) -> list[int]:
        """User ids with ratings here."""
        return sorted(self.sums[dimension].raters)

    def shared_units(self, dimension: str) -> Mapping[RaterPair, int]:
        """Candidates that each pair of annotators both rated; kept in the pooled slice only."""
        return self.sums[dimension].shared


@dataclass(frozen=True, eq=False)
class LiveAgreement:
    """A campaign's agreement as of a moment, for one design.

    Attributes:
        design: a design, or `all`.
        dimensions: keys in rubric order, the overall last if it is kept live (at most twelve
            levels).
        strata: by facet, in order of label; a facet that was not asked for is absent.
        pending: changed items that no fold has taken in yet; they are counted here all the same.
    """

    design: str
    dimensions: Sequence[str]
    strata: Mapping[Facet, Sequence[LiveStratum]]
    pending: int

    @cached_property
    def pooled(self) -> LiveStratum:
        """All ratings of the design together."""
        return self.strata[Facet.POOLED][0]
