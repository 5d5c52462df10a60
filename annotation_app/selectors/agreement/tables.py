"""Ratings of a campaign as statistics tables, and its agreement by dimension."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from analytics.agreement.report import AgreementSummary
from analytics.scales import Scale
from analytics.tables import RatingTable
from annotation_app.enums import Design
from annotation_app.models import Campaign, Rubric
from annotation_app.selectors.agreement.live.agreement import read_live
from annotation_app.selectors.rating.scores import ScoreRow, counted_scores
from annotation_app.selectors.rubrics.scales import (
    OVERALL,
    overall_scale,
    rubric_scales,
    rubric_weights,
)


@dataclass(frozen=True)
class DimensionAgreement:
    """Agreement on one dimension, or on the overall."""

    dimension: str
    summary: AgreementSummary


def campaign_tables(
    campaign: Campaign, *, designs: frozenset[str] | None = None
) -> dict[str, RatingTable]:
    """A table per dimension key, and one for the overall, of counted ratings.

    Args:
        campaign: whose ratings.
        designs: only slots of these designs; None for all.
    """
    rows = [row for row in counted_scores(campaign) if designs is None or row.design in designs]
    scales = rubric_scales(campaign.rubric)
    tables = {key: _table(rows, key, scale) for key, scale in scales.items()}
    tables[OVERALL] = _overall_table(rows, campaign.rubric, scales)
    return tables


def campaign_agreement(
    campaign: Campaign, *, design: str = Design.RANDOM.value
) -> list[DimensionAgreement]:
    """Agreement per dimension in rubric order, then on the overall, from the live store.

    The headline uses slots of `random` design only: checked raters and picked items are no
    sample. Values equal those computed from the ratings; the item interval is the linearised form,
    of a scale of many levels that of deleting items.
    """
    live = read_live(campaign, design=design, facets=())
    return [DimensionAgreement(key, live.pooled.summary(key)) for key in live.dimensions]


def _table(rows: list[ScoreRow], key: str, scale: Scale) -> RatingTable:
    own = [row for row in rows if row.dimension == key]
    return RatingTable.from_long(
        units=[row.candidate for row in own],
        items=[row.campaign_item for row in own],
        raters=[row.annotator for row in own],
        values=[row.level for row in own],
        scale=scale,
    )


def _overall_table(rows: list[ScoreRow], rubric: Rubric, scales: dict[str, Scale]) -> RatingTable:
    weights = rubric_weights(rubric)
    sums: dict[tuple[int, int, int], list[Fraction | None]] = defaultdict(list)
    for row in rows:
        score = None if row.level is None else row.level * weights[row.dimension]
        sums[row.campaign_item, row.candidate, row.annotator].append(score)
    values = {unit: _sum(scores, len(weights)) for unit, scores in sums.items()}
    return RatingTable.from_long(
        units=[candidate for _, candidate, _ in values],
        items=[item for item, _, _ in values],
        raters=[annotator for _, _, annotator in values],
        values=list(values.values()),
        scale=overall_scale(scales, weights),
    )


def _sum(scores: list[Fraction | None], dimensions: int) -> float | None:
    """The weighted sum of one rater's scores of one candidate; None where one is missing."""
    known = [score for score in scores if score is not None]
    return float(sum(known)) if len(known) == dimensions else None
