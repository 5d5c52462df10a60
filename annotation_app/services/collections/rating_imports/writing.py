"""Writing resolved ratings in bulk: their slots, ratings, revisions and scores."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid5

from django.db.models import Max

from annotation_app.enums import (
    INDEPENDENT_PURPOSES,
    Design,
    Purpose,
    RatingStatus,
    RevisionCause,
    TaskState,
)
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import (
    Campaign,
    CampaignItem,
    CampaignItemChange,
    ImportedRating,
    Rating,
    RatingRevision,
    RatingsImport,
    Score,
    Task,
)
from annotation_app.services.collections.rating_imports.naming import placeholders
from annotation_app.services.collections.rating_imports.records import ResolvedRating

PURPOSE = Purpose.PRODUCTION
FIRST_ORDINAL = 1001  # distinct from the slots that overlap plans number from 1
RATINGS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Slot:
    """A rating with its annotator's account and its slot's number."""

    rating: ResolvedRating
    user: int
    ordinal: int


def write_ratings(
    *,
    record: RatingsImport,
    ratings: Sequence[ResolvedRating],
    now: datetime,
    between: Callable[[], None],
) -> None:
    """Write every rating of an import, in the caller's transaction.

    Args:
        record: the import that they belong to.
        ratings: resolved; one for each annotator and item.
        now: the moment; imported ratings are closed to changes at once.
        between: called between chunks; raises to stop.
    """
    users = placeholders(record.campaign, {rating.annotator for rating in ratings})
    next_ordinal = _next_ordinals(record)
    for chunk in _chunks(ratings):
        between()
        slots = []
        for rating in chunk:
            slots.append(_Slot(rating, users[rating.annotator], next_ordinal[rating.campaign_item]))
            next_ordinal[rating.campaign_item] += 1
        _write(record, slots, now)


def note_changes(record: RatingsImport, campaign_items: Iterable[int]) -> None:
    """Tell the folding task that items' counted ratings changed."""
    CampaignItemChange.objects.bulk_create(
        CampaignItemChange(campaign=record.campaign, campaign_item_id=item)
        for item in sorted(set(campaign_items))
    )


def _chunks(ratings: Sequence[ResolvedRating]) -> Iterator[list[ResolvedRating]]:
    stream = iter(ratings)
    while chunk := list(islice(stream, RATINGS_AT_ONCE)):
        yield chunk


def _next_ordinals(record: RatingsImport) -> "defaultdict[int, int]":
    taken = Task.objects.filter(
        campaign=record.campaign, purpose=PURPOSE, ordinal__gte=FIRST_ORDINAL
    )
    highest = taken.values("campaign_item").annotate(last=Max("ordinal"))
    found = {item: last + 1 for item, last in highest.values_list("campaign_item", "last")}
    return defaultdict(lambda: FIRST_ORDINAL, found)


def _write(record: RatingsImport, slots: list[_Slot], now: datetime) -> None:
    campaign = record.campaign
    tasks = Task.objects.bulk_create(
        Task(
            campaign=campaign,
            campaign_item_id=slot.rating.campaign_item,
            purpose=PURPOSE,
            ordinal=slot.ordinal,
            rubric_id=campaign.rubric_id,
            guideline_id=_guideline(campaign),
            design=Design(record.design),
            state=TaskState.FILLED,
        )
        for slot in slots
    )
    ratings = Rating.objects.bulk_create(
        _rating(record, slot, task, now) for slot, task in zip(slots, tasks, strict=True)
    )
    revisions = RatingRevision.objects.bulk_create(
        RatingRevision(
            rating=rating,
            number=1,
            client_uuid=rating.client_uuid,
            cause=RevisionCause.IMPORT,
            seconds=slot.rating.seconds,
            created_at=now,
        )
        for slot, rating in zip(slots, ratings, strict=True)
    )
    for rating, revision in zip(ratings, revisions, strict=True):
        rating.current_revision = revision
    Rating.objects.bulk_update(ratings, ["current_revision"])
    Score.objects.bulk_create(_scores(slots, revisions), batch_size=5000)
    ImportedRating.objects.bulk_create(
        ImportedRating(ratings_import=record, rating=rating) for rating in ratings
    )
    items = [slot.rating.campaign_item for slot in slots]
    CampaignItem.objects.filter(pk__in=items, draw_fixed_at=None).update(draw_fixed_at=now)
    note_changes(record, items)


def _rating(record: RatingsImport, slot: _Slot, task: Task, now: datetime) -> Rating:
    rating = slot.rating
    return Rating(
        task=task,
        campaign=record.campaign,
        campaign_item_id=rating.campaign_item,
        annotator_id=slot.user,
        purpose=PURPOSE,
        independent=PURPOSE in INDEPENDENT_PURPOSES,
        status=RatingStatus.ACTIVE,
        client_uuid=_uuid(record.public_id, rating),
        guideline_id=_guideline(record.campaign),
        candidate_order=sorted(rating.order, key=lambda one: (rating.order[one], one)),
        submitted_at=now,
        open_until=now,
        closed_at=now,
    )


def _guideline(campaign: Campaign) -> int:
    if campaign.guideline_id is None:
        raise InvalidInputError(
            "Publish a guideline first: every rating is tied to a guideline version."
        )
    return campaign.guideline_id


def _uuid(record: UUID, rating: ResolvedRating) -> UUID:
    return uuid5(record, f"{rating.campaign_item}:{rating.annotator}")


def _scores(slots: list[_Slot], revisions: list[RatingRevision]) -> Iterator[Score]:
    for slot, revision in zip(slots, revisions, strict=True):
        for (candidate, dimension), (level, reason) in slot.rating.scores.items():
            yield Score(
                revision=revision,
                candidate_id=candidate,
                dimension_id=dimension,
                level=level,
                missing_reason=reason if level is None else "",
            )
