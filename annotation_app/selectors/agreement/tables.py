"""Ratings of a campaign as statistics tables, and its agreement by dimension."""

from collections import defaultdict
from dataclasses import dataclass

from analytics.agreement.report import AgreementSummary
from analytics.overall import OVERALL, OverallScale, overall_score
from analytics.scales import Scale
from analytics.tables import RatingTable
from annotation_app.enums import Design
from annotation_app.models import Campaign, Rubric
from annotation_app.selectors.agreement.live.agreement import read_live
from annotation_app.selectors.rating.scores import ScoreRow, counted_scores
from annotation_app.selectors.rubrics.scales import rubric_scales, rubric_weights


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
        campaign: the campaign to read.
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

    The headline uses slots of `random` design only: checked raters and picked items are not a
    random sample. Values equal those computed from the ratings; the item interval is the linearised
    one; for a scale of many levels it is the jackknife over items.
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
    levels: dict[tuple[int, int, int], dict[str, int | None]] = defaultdict(dict)
    for row in rows:
        levels[row.campaign_item, row.candidate, row.annotator][row.dimension] = row.level
    sums = {
        unit: overall_score([own.get(key) for key in weights], list(weights.values()))
        for unit, own in levels.items()
    }
    return RatingTable.from_long(
        units=[candidate for _, candidate, _ in sums],
        items=[item for item, _, _ in sums],
        raters=[annotator for _, _, annotator in sums],
        values=[None if value is None else float(value) for value in sums.values()],
        scale=OverallScale.of(scales, weights).scale,
    )
