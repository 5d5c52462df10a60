"""Agreement per dimension against the thresholds, and the paired differences of dimensions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from analytics.agreement.comparison.differences import Difference
from analytics.agreement.report import AgreementSummary
from analytics.monitoring.gates import (
    KRIPPENDORFF_RELIABLE,
    KRIPPENDORFF_TENTATIVE,
    Gate,
    gate_status,
)
from annotation_app.models import Campaign
from annotation_app.selectors.agreement.live.figures import LiveAgreement, LiveStratum

THRESHOLDS = (KRIPPENDORFF_TENTATIVE, KRIPPENDORFF_RELIABLE)


@dataclass(frozen=True)
class DimensionLine:
    """Agreement on one dimension.

    Attributes:
        dimension: its key.
        summary: every coefficient with n, intervals and reasons.
        gates: 0.667, 0.8 and, last, the campaign's own if it set one.
        own: whether the last gate is the campaign's own.
    """

    dimension: str
    summary: AgreementSummary
    gates: Sequence[Gate]
    own: bool


@dataclass(frozen=True)
class PairDifference:
    """The paired difference of α of two dimensions, first minus second."""

    first: str
    second: str
    difference: Difference


def dimension_lines(
    campaign: Campaign, live: LiveAgreement, stratum: LiveStratum
) -> list[DimensionLine]:
    """Report each dimension, the overall last."""
    return [_line(campaign, key, stratum.summary(key)) for key in live.dimensions]


def pair_differences(live: LiveAgreement, stratum: LiveStratum) -> list[PairDifference]:
    """Compare every pair of dimensions; the overall is left out because it includes both."""
    return [
        PairDifference(first, second, stratum.difference(first, second))
        for first, second in combinations(live.dimensions, 2)
        if (first, second) in stratum.crosses
    ]


def _line(campaign: Campaign, dimension: str, summary: AgreementSummary) -> DimensionLine:
    own = campaign.agreement_gate.get(dimension)
    wanted = [*THRESHOLDS, *([] if own is None else [float(own)])]
    headline = summary.headline
    gates = [gate_status(headline.estimate, headline.items, gate) for gate in wanted]
    return DimensionLine(dimension, summary, gates, own is not None)
