"""Agreement per dimension against the thresholds, and the paired differences of dimensions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from analytics.agreement.differences import Difference
from analytics.agreement.report import AgreementSummary
from analytics.monitoring.gates import (
    KRIPPENDORFF_RELIABLE,
    KRIPPENDORFF_TENTATIVE,
    Gate,
    gate_status,
)
from annotation_app.models import Campaign
from annotation_app.selectors.agreement import campaign_agreement
from annotation_app.selectors.live_figures import LiveAgreement, LiveStratum
from annotation_app.selectors.scales import OVERALL

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
    """Report each dimension, the overall last.

    Dimensions of more than twelve levels are not kept live: they are read from the ratings, for
    the whole campaign only.
    """
    found = {key: stratum.summary(key) for key in live.dimensions}
    if stratum is live.pooled and OVERALL not in found:
        rest = campaign_agreement(campaign, design=live.design)
        found = {one.dimension: found.get(one.dimension, one.summary) for one in rest}
    return [_line(campaign, key, summary) for key, summary in found.items()]


def pair_differences(live: LiveAgreement, stratum: LiveStratum) -> list[PairDifference]:
    """Compare every pair of dimensions; the overall is left out, for it holds both."""
    keys = [key for key in live.dimensions if key != OVERALL]
    return [
        PairDifference(first, second, stratum.difference(first, second))
        for first, second in combinations(keys, 2)
    ]


def _line(campaign: Campaign, dimension: str, summary: AgreementSummary) -> DimensionLine:
    own = campaign.agreement_gate.get(dimension)
    wanted = [*THRESHOLDS, *([] if own is None else [float(own)])]
    headline = summary.headline
    gates = [gate_status(headline.estimate, headline.items, gate) for gate in wanted]
    return DimensionLine(dimension, summary, gates, own is not None)
