"""What readers get from the live store: strata with their figures, computed when asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.agreement.coefficients.equal_share import equal_share
from analytics.agreement.comparison.differences import Difference
from analytics.agreement.comparison.paired_differences import paired_difference
from analytics.agreement.inference.evidence import Evidence, gather
from analytics.agreement.inference.moment_evidence import moment_evidence
from analytics.agreement.report import (
    HEADLINE,
    AgreementSummary,
    CoefficientLine,
    summarise,
    summary_line,
)
from analytics.agreement.sums.exact.exact_sums import RaterPair
from analytics.agreement.sums.exact.kept_ratings import KeptRatings
from analytics.agreement.sums.exact.moments import to_moments
from analytics.agreement.sums.exact.scale_covariance import ExactCross
from analytics.agreement.sums.exact.stratum_sums import StratumSums
from analytics.agreement.sums.layout import Floats, Layout
from analytics.agreement.sums.moments import Moments
from analytics.agreement.sums.scale_covariance import CrossMoments
from analytics.tables import RatingTable
from annotation_app.enums import Facet
from annotation_app.selectors.agreement.level_bands import banded_coincidences, bands_of


class LiveStratum:
    """One slice of a campaign's counted ratings.

    Attributes:
        key: the stratum's name in the store: category or source as written, generator or
            guideline id, ISO day; empty in the pooled slice.
        label: what a page shows for it.
        sums: exact sums by dimension, the overall last; of long scales the ratings themselves.
        crosses: exact cross sums by pair of dimensions.
    """

    def __init__(
        self,
        key: str,
        label: str,
        sums: Mapping[str, StratumSums],
        crosses: Mapping[tuple[str, str], ExactCross],
    ) -> None:
        self.key = key
        self.label = label
        self.sums = sums
        self.crosses = crosses
        self._moments: dict[str, Moments] = {}
        self._evidence: dict[str, Evidence] = {}
        self._summaries: dict[str, AgreementSummary] = {}
        self._headlines: dict[str, CoefficientLine] = {}

    def keeps_ratings(self, dimension: str) -> bool:
        """Whether the ratings are kept in place of sums, because the scale is long."""
        return isinstance(self.sums[dimension], KeptRatings)

    def moments(self, dimension: str) -> Moments:
        """Return the moments; rater labels are user ids.

        For rater panels take the pooled stratum's moments: only these keep what panels need, and
        not of the overall.

        Raises:
            TypeError: the dimension keeps ratings, see `table`.
        """
        if dimension not in self._moments:
            sums = self.sums[dimension]
            if isinstance(sums, KeptRatings):
                raise TypeError(f"{dimension} keeps its ratings, not their moments")
            self._moments[dimension] = to_moments(sums)
        return self._moments[dimension]

    def table(self, dimension: str) -> RatingTable:
        """Return the ratings of a dimension that keeps them.

        Raises:
            TypeError: the dimension keeps sums, see `moments`.
        """
        sums = self.sums[dimension]
        if not isinstance(sums, KeptRatings):
            raise TypeError(f"{dimension} keeps the moments of its ratings, not the ratings")
        return sums.table

    def evidence(self, dimension: str) -> Evidence:
        """Return what a report on a dimension needs, from either form."""
        if dimension not in self._evidence:
            kept = self.keeps_ratings(dimension)
            self._evidence[dimension] = (
                gather(self.table(dimension)) if kept else moment_evidence(self.moments(dimension))
            )
        return self._evidence[dimension]

    def summary(self, dimension: str) -> AgreementSummary:
        """Return every coefficient with n, both intervals and reasons."""
        if dimension not in self._summaries:
            self._summaries[dimension] = summarise(self.evidence(dimension))
        return self._summaries[dimension]

    def headline(self, dimension: str) -> CoefficientLine:
        """Return the ordinal α with both intervals; an eighth of the cost of `summary`."""
        if dimension not in self._headlines:
            self._headlines[dimension] = summary_line(HEADLINE, self.evidence(dimension))
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
        sums = self.sums[dimension]
        return sums.n_overlapping if isinstance(sums, KeptRatings) else int(sums.body[0])

    def level_counts(self, dimension: str) -> list[int]:
        """Ratings of each level, in the order of the scale."""
        sums = self.sums[dimension]
        if isinstance(sums, KeptRatings):
            return sums.level_counts()
        counts = np.zeros(len(sums.scale), dtype=np.int64)
        for pattern, times in sums.patterns.items():
            counts += np.asarray(pattern) * times
        return [int(count) for count in counts]

    def coincidences(self, dimension: str) -> Floats:
        """Pairs of ratings of one candidate, each over m - 1: the symmetric confusion.

        (V, V) by level, of a long scale (B, B) by band, see `level_bands`.
        """
        if self.keeps_ratings(dimension):
            bands = bands_of(self.sums[dimension].scale)
            return banded_coincidences(self.table(dimension), bands)
        moments = self.moments(dimension)
        total = moments.overlapping.first
        return np.asarray(Layout(len(moments.scale)).coincidences(total), dtype=np.float64)

    def equal_share(self, dimension: str) -> float | None:
        """Share of the pairs of ratings of one candidate that are equal; None without any."""
        if self.keeps_ratings(dimension):
            return equal_share(self.table(dimension))
        pairs = self.coincidences(dimension)
        return float(pairs.trace() / pairs.sum()) if pairs.sum() else None

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
        dimensions: keys in rubric order, the overall last.
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
