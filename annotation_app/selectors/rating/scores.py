"""Counted scores of a campaign, as rows for statistics, snapshots and exports."""

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import NamedTuple

from annotation_app.enums import DATA_PURPOSES, RatingStatus
from annotation_app.models import Adjudication, Campaign, Score

ROWS_AT_ONCE = 5000


class ScoreRow(NamedTuple):
    """One counted score."""

    campaign_item: int
    candidate: int
    dimension: str
    annotator: int
    level: int | None
    missing_reason: str
    revision: int
    design: str


def counted_scores(
    campaign: Campaign, *, after: int = 0, leave_out: Collection[int] = ()
) -> Iterator[ScoreRow]:
    """Scores of active ratings of data purposes, item by item, streamed from the server.

    Args:
        campaign: the campaign to read.
        after: campaign items up to this id are left out.
        leave_out: annotators whose ratings do not count here.
    """
    rows = (
        Score.objects.filter(
            revision__current_of__campaign=campaign,
            revision__current_of__status=RatingStatus.ACTIVE,
            revision__current_of__purpose__in=DATA_PURPOSES,
            revision__current_of__campaign_item_id__gt=after,
            revision__current_of__campaign_item__item__withdrawn_at__isnull=True,
        )
        .exclude(revision__current_of__annotator__in=leave_out)
        .order_by(
            "revision__current_of__campaign_item_id",
            "candidate_id",
            "dimension__ordinal",
            "revision__current_of__annotator_id",
        )
        .values_list(
            "revision__current_of__campaign_item_id",
            "candidate_id",
            "dimension__key",
            "revision__current_of__annotator_id",
            "level",
            "missing_reason",
            "revision_id",
            "revision__current_of__task__design",
        )
    )
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        yield ScoreRow(*row)


def counted_scores_by_item(
    campaign: Campaign, *, leave_out: Collection[int] = ()
) -> Iterator[tuple[int, list[ScoreRow]]]:
    """Counted scores grouped by campaign item id, in its order."""
    scores = counted_scores(campaign, leave_out=leave_out)
    for item, rows in groupby(scores, key=lambda row: row.campaign_item):
        yield item, list(rows)


def adjudicated_levels(campaign: Campaign) -> dict[tuple[int, int, str], int]:
    """Decided levels by (campaign item id, candidate id, dimension key)."""
    rows = Adjudication.objects.filter(campaign_item__campaign=campaign).values_list(
        "campaign_item_id", "candidate_id", "dimension__key", "level"
    )
    return {(item, candidate, key): level for item, candidate, key, level in rows}
