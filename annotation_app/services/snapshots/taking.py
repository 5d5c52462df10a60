"""Taking a snapshot: everything an export needs, written down in one consistent transaction."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from annotation_app.enums import DATA_PURPOSES, Purpose, RatingStatus
from annotation_app.exceptions import ConflictError, NothingToDoError
from annotation_app.models import (
    Campaign,
    CampaignItem,
    Rating,
    Snapshot,
    User,
)
from annotation_app.selectors.rating.scores import adjudicated_levels
from annotation_app.services.jobs.reporting import ElsewhereProgress
from annotation_app.services.snapshots.raters import RaterChoices, selected_raters
from annotation_app.services.snapshots.rows import SnapshotRules, fill_snapshot
from annotation_app.services.snapshots.splits import SplitChoices, record_splits, splits_held
from annotation_app.services.snapshots.statistics import measure_scores

Progress = Callable[[int, int, str], None]
TRIES = 5


@dataclass(frozen=True)
class SnapshotChoices:
    """How newcomers are split and whose ratings count."""

    splits: SplitChoices
    raters: RaterChoices = field(default_factory=RaterChoices)


def take_snapshot(
    *, campaign: Campaign, created_by: User | None, choices: SnapshotChoices, progress: Progress
) -> Snapshot:
    """Write down a campaign's counted ratings, final scores, splits and facts.

    Everything is read and written in one REPEATABLE READ transaction, so the snapshot is one
    moment's view however busy the campaign is. Ratings in it close for changes.

    Raises:
        NothingToDoError: if the campaign has no counted rating yet.
        InvalidInputError: if simulated ratings are mixed with people's.
        ConflictError: if the database refused the transaction several times.
    """
    with ElsewhereProgress(progress) as elsewhere:
        for _attempt in range(TRIES):
            try:
                with splits_held(campaign.collection_id):
                    return _take(campaign, created_by, choices, elsewhere)
            except OperationalError as error:
                if not _is_serialisation_failure(error):
                    raise
    raise ConflictError("The campaign is too busy for a snapshot right now. Try again in a minute.")


def _is_serialisation_failure(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", "") == "40001"


def _take(
    campaign: Campaign, created_by: User | None, choices: SnapshotChoices, progress: Progress
) -> Snapshot:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        raters = selected_raters(campaign=campaign, choices=choices.raters)
        if not _close_ratings(campaign, raters.left_out):
            raise NothingToDoError("No ratings count yet, so a snapshot would be empty.")
        progress(0, 0, "recording splits")
        splits = record_splits(campaign=campaign, choices=choices.splits)
        progress(0, 0, "measuring agreement")
        figures = measure_scores(campaign, raters.left_out)
        rules = SnapshotRules(
            left_out=raters.left_out,
            held_out=_campaign_items(campaign, splits.held_out),
            dimensions=dict(campaign.rubric.dimensions.values_list("key", "pk")),
            decided=adjudicated_levels(campaign),
            facets=figures.facets,
        )
        snapshot = Snapshot.objects.create(
            campaign=campaign,
            rubric=campaign.rubric,
            guideline=_guideline_of(campaign),
            digest="",
            is_simulated=campaign.collection.is_simulated,
            report={"raters": raters.report, "splits": splits.report, **figures.report},
            created_by=created_by,
        )
        fill_snapshot(snapshot, campaign, rules, progress)
        return snapshot


def _guideline_of(campaign: Campaign) -> Any:  # noqa: ANN401 - narrowed from the nullable column
    if campaign.guideline is None:
        raise NothingToDoError("The campaign has no guideline yet.")
    return campaign.guideline


def _close_ratings(campaign: Campaign, left_out: frozenset[int]) -> int:
    ratings = Rating.objects.filter(campaign=campaign, status=RatingStatus.ACTIVE).exclude(
        annotator__in=left_out
    )
    # hidden checks close with the rest: their authors must not tell them apart
    alike = ratings.filter(purpose__in=DATA_PURPOSES | {Purpose.GOLD, Purpose.REPEAT})
    alike.filter(closed_at__isnull=True).update(closed_at=timezone.now())
    return ratings.filter(purpose__in=DATA_PURPOSES).count()


def _campaign_items(campaign: Campaign, items: frozenset[int]) -> frozenset[int]:
    rows = CampaignItem.objects.filter(campaign=campaign, item__in=items)
    return frozenset(rows.values_list("pk", flat=True))
