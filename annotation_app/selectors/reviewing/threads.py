"""Who may read which message about an item, and what waits for whom."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from annotation_app.enums import DATA_PURPOSES, Purpose, RatingStatus
from annotation_app.models import (
    Campaign,
    Lease,
    Rating,
    Thread,
    ThreadMessage,
    ThreadRead,
    User,
)
from annotation_app.selectors.rating.blinding import blind_elsewhere

# Where others' messages may be read: they would reveal which tasks are gold and repeats.
SHARED_PURPOSES = DATA_PURPOSES | {Purpose.PILOT}
# These have separate pages, with answers.
WITHOUT_TALK = frozenset({Purpose.TRAINING, Purpose.QUALIFICATION, Purpose.REVIEW})


@dataclass(frozen=True)
class OwnThread:
    """An annotator's work with its discussion; `unread`: messages they have not seen."""

    lease: Lease
    rating: Rating | None
    unread: int
    messages: int


def own_rating(lease: Lease) -> Rating | None:
    """The annotator's rating of a lease's task, unless it was released."""
    ratings = Rating.objects.filter(task=lease.task_id, annotator=lease.annotator_id)
    return ratings.exclude(status=RatingStatus.RELEASED).first()


def is_closed(rating: Rating | None, now: datetime) -> bool:
    """Whether its author can no longer change a rating."""
    return rating is not None and (rating.closed_at is not None or rating.open_until < now)


def readable_messages(
    lease: Lease, *, now: datetime, hidden: Container[int] | None = None
) -> QuerySet[ThreadMessage]:
    """What an annotator may read about a lease's item, oldest first.

    Always: the messages that belong to this lease. Once their own rating is closed: messages of the
    campaign's staff to everyone, and others' messages if the campaign allows it; neither while the
    annotator may still judge the item in another campaign.

    Args:
        lease: with its task and campaign.
        now: the current time.
        hidden: ids of items that other campaigns blind the annotator to, if already known.
    """
    said, item, campaign = Q(lease=lease.pk), lease.task.campaign_item.item_id, lease.task.campaign
    shared = is_closed(own_rating(lease), now) and lease.task.purpose in SHARED_PURPOSES
    if shared and hidden is None:
        hidden = set(
            blind_elsewhere(lease.annotator, campaign)
            .filter(item=item)
            .values_list("item", flat=True)
        )
    if shared and item not in (hidden or ()):
        said |= Q(lease__isnull=True, from_staff=True)
        if campaign.shows_others_after_close:
            said |= Q(before_rating=False)
    messages = ThreadMessage.objects.filter(thread__campaign_item=lease.task.campaign_item_id)
    return messages.filter(said).select_related("author").order_by("pk")


def own_threads(*, annotator: User, campaign: Campaign, now: datetime) -> list[OwnThread]:
    """The annotator's work that was discussed, and their current work, newest first."""
    leases = Lease.objects.filter(annotator=annotator, task__campaign=campaign)
    leases = leases.exclude(task__purpose__in=WITHOUT_TALK).filter(
        Q(ended_at=None) | Q(thread_messages__isnull=False)
    )
    rows = leases.select_related("task__campaign_item__item", "task__campaign", "annotator")
    recent = list(rows.distinct().order_by("-leased_at")[:200])
    items = [lease.task.campaign_item.item_id for lease in recent]
    blind = blind_elsewhere(annotator, campaign).filter(item__in=items)
    hidden = set(blind.values_list("item", flat=True)) if items else set()
    found = []
    for lease in recent:
        messages = list(readable_messages(lease, now=now, hidden=hidden))
        seen = _seen(annotator, lease.task.campaign_item_id)
        unread = sum(one.pk > seen and one.author_id != annotator.pk for one in messages)
        found.append(OwnThread(lease, own_rating(lease), unread, len(messages)))
    return found


def count_unread(*, annotator: User, campaign: Campaign, now: datetime) -> int:
    """How many words to the annotator they have not seen."""
    return sum(one.unread for one in own_threads(annotator=annotator, campaign=campaign, now=now))


def inbox(campaign: Campaign, reader: User) -> QuerySet[Thread]:
    """A campaign's threads for its people, newest first; each with `unread`, a yes or no."""
    seen = ThreadRead.objects.filter(thread=OuterRef("pk"), user=reader).values("message_id")
    threads = Thread.objects.filter(campaign=campaign).annotate(
        newest=Max("messages__pk", filter=~Q(messages__author=reader)),
        seen=Coalesce(Subquery(seen[:1]), Value(0)),
    )
    return threads.select_related("campaign_item__item").order_by("-last_message_at")


def unread_threads(campaign: Campaign, reader: User) -> int:
    """How many threads of a campaign hold words that this person has not seen."""
    seen = ThreadRead.objects.filter(thread=OuterRef("pk"), user=reader).values("message_id")
    return (
        Thread.objects.filter(campaign=campaign)
        .annotate(
            newest=Max("messages__pk", filter=~Q(messages__author=reader)),
            seen=Coalesce(Subquery(seen[:1]), Value(0)),
        )
        .filter(newest__gt=F("seen"))
        .count()
    )


def _seen(user: User, campaign_item: int) -> int:
    read = ThreadRead.objects.filter(user=user, thread__campaign_item=campaign_item).first()
    return read.message_id if read else 0
