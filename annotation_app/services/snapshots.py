"""Taking a snapshot: everything an export needs, written down in one consistent transaction."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from analytics.pairs.final_scores import final_score
from annotation_app.enums import DATA_PURPOSES, Provenance, Purpose, RatingStatus, Split
from annotation_app.exceptions import ConflictError, NothingToDoError
from annotation_app.models import (
    Campaign,
    CampaignItem,
    Dimension,
    FinalScore,
    Rating,
    Snapshot,
    SnapshotItem,
    SnapshotRating,
    User,
)
from annotation_app.selectors.scores import ScoreRow, adjudicated_levels, counted_scores_by_item
from annotation_app.selectors.snapshot_facts import item_facts
from annotation_app.services.raters import RaterChoices, selected_raters
from annotation_app.services.snapshot_statistics import measure_scores
from annotation_app.services.splitting import SplitChoices, record_splits, splits_held

Progress = Callable[[int, int, str], None]
ITEMS_AT_ONCE = 500
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
        InvalidInputError: if simulated ratings stand beside people's.
        ConflictError: if the database refused the transaction several times.
    """
    for _attempt in range(TRIES):
        try:
            with splits_held(campaign.collection_id):
                return _take(campaign, created_by, choices, progress)
        except OperationalError as error:
            if not _is_serialisation_failure(error):
                raise
    raise ConflictError("The campaign is too busy for a snapshot just now. Try again in a minute.")


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
            raise NothingToDoError("No rating counts yet: there is nothing to take a snapshot of.")
        progress(0, 0, "recording splits")
        splits = record_splits(campaign=campaign, choices=choices.splits)
        progress(0, 0, "measuring agreement")
        figures = measure_scores(campaign, raters.left_out)
        rules = _Rules(
            left_out=raters.left_out,
            held_out=_campaign_items(campaign, splits.held_out),
            dimensions={row.key: row for row in campaign.rubric.dimensions.all()},
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
        _fill(snapshot, campaign, rules, progress)
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


@dataclass(frozen=True)
class _Rules:
    """What a snapshot's rows are made with.

    Attributes:
        left_out: annotators who do not count.
        held_out: campaign items that an external set holds by now.
        dimensions: of the rubric, by key.
        decided: adjudicated levels by campaign item, candidate and dimension key.
        facets: facet scores in thousandths by candidate and dimension key.
    """

    left_out: frozenset[int]
    held_out: frozenset[int]
    dimensions: Mapping[str, Dimension]
    decided: Mapping[tuple[int, int, str], int]
    facets: Mapping[tuple[int, str], int]


def _fill(snapshot: Snapshot, campaign: Campaign, rules: _Rules, progress: Progress) -> None:
    total = CampaignItem.objects.filter(campaign=campaign).count()
    digest = hashlib.sha256()
    items = ratings = 0
    for chunk in _chunks(counted_scores_by_item(campaign, leave_out=rules.left_out)):
        facts = item_facts([item for item, _ in chunk])
        for item in rules.held_out.intersection(facts):
            facts[item]["split"] = Split.EXCLUDED.value
        revisions = sorted({row.revision for _, rows in chunk for row in rows})
        SnapshotItem.objects.bulk_create(
            SnapshotItem(
                snapshot=snapshot,
                campaign_item_id=item,
                split=facts[item]["split"],
                facts=facts[item],
            )
            for item, _ in chunk
        )
        SnapshotRating.objects.bulk_create(
            SnapshotRating(snapshot=snapshot, revision_id=revision) for revision in revisions
        )
        scores = [
            score for item, rows in chunk for score in _final_scores(snapshot, item, rows, rules)
        ]
        FinalScore.objects.bulk_create(scores, batch_size=5000)
        _digest_chunk(digest, facts, revisions, scores)
        items += len(chunk)
        ratings += len(revisions)
        progress(items, total, "taking the snapshot")
    snapshot.item_count, snapshot.rating_count = items, ratings
    snapshot.digest = digest.hexdigest()
    snapshot.save(update_fields=["item_count", "rating_count", "digest"])


def _chunks(
    groups: Iterable[tuple[int, list[ScoreRow]]],
) -> Iterator[list[tuple[int, list[ScoreRow]]]]:
    chunk: list[tuple[int, list[ScoreRow]]] = []
    for group in groups:
        chunk.append(group)
        if len(chunk) == ITEMS_AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _final_scores(
    snapshot: Snapshot,
    item: int,
    rows: list[ScoreRow],
    rules: _Rules,
) -> Iterator[FinalScore]:
    levels: dict[tuple[int, str], list[int | None]] = defaultdict(list)
    for row in rows:
        levels[row.candidate, row.dimension].append(row.level)
    for (candidate, key), given in levels.items():
        final = final_score(given, adjudicated=rules.decided.get((item, candidate, key)))
        if final.value is not None:
            yield FinalScore(
                snapshot=snapshot,
                campaign_item_id=item,
                candidate_id=candidate,
                dimension=rules.dimensions[key],
                numerator=final.value.numerator,
                denominator=final.value.denominator,
                provenance=Provenance(final.provenance.value),
                rating_count=final.raters,
                facet_thousandths=rules.facets.get((candidate, key)),
            )


def _digest_chunk(
    digest: "hashlib._Hash",
    facts: dict[int, dict[str, Any]],
    revisions: list[int],
    scores: list[FinalScore],
) -> None:
    exact = [
        [
            score.candidate_id,
            score.dimension_id,
            score.numerator,
            score.denominator,
            score.facet_thousandths,
        ]
        for score in scores
    ]
    content = [sorted(facts.items()), revisions, exact]
    digest.update(json.dumps(content, sort_keys=True, ensure_ascii=False).encode())
