"""How far a campaign is."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from annotation_app.enums import DATA_PURPOSES, Lane, RatingStatus, TaskState
from annotation_app.models import Campaign, Rating, Task

FILLED = Q(state=TaskState.FILLED)


@dataclass(frozen=True)
class CampaignProgress:
    """Counts of a campaign's data slots and ratings."""

    slots: int
    filled: int
    leased: int
    open: int
    ordered_by_model: int
    ratings: int
    annotators: int

    @property
    def share(self) -> float:
        return self.filled / self.slots if self.slots else 0.0

    @property
    def percent(self) -> int:
        return round(100 * self.share)


def campaign_progress(campaign: Campaign) -> CampaignProgress:
    """Count a campaign's slots by state and its counted ratings."""
    tasks = _slots(campaign).aggregate(
        slots=Count("pk"),
        filled=Count("pk", filter=FILLED),
        leased=Count("pk", filter=Q(state=TaskState.LEASED)),
        open=Count("pk", filter=Q(state=TaskState.OPEN)),
        ordered_by_model=Count(
            "pk",
            filter=Q(state=TaskState.OPEN, lane=Lane.RANKED, priority_model__isnull=False),
        ),
    )
    ratings = Rating.objects.filter(campaign=campaign, status=RatingStatus.ACTIVE).aggregate(
        ratings=Count("pk"), annotators=Count("annotator", distinct=True)
    )
    return CampaignProgress(**tasks, **ratings)


def campaign_percent(campaign: Campaign) -> int:
    """How much of a campaign's goal is reached, in whole percent; up to a minute old.

    It is cached because counting reads every slot and every annotator's page shows it. 100 means
    all.
    """
    key = f"campaign-percent:{campaign.pk}"
    known: int | None = cache.get(key)
    if known is None:
        known = _count_percent(campaign)
        cache.set(key, known, timeout=60)
    return known


def _count_percent(campaign: Campaign) -> int:
    counts = _slots(campaign).aggregate(all=Count("pk"), filled=Count("pk", filter=FILLED))
    return 100 * counts["filled"] // counts["all"] if counts["all"] else 0


def _slots(campaign: Campaign) -> QuerySet[Task]:
    """Everything that is planned and not given up."""
    data = Task.objects.filter(campaign=campaign, purpose__in=DATA_PURPOSES)
    return data.exclude(state=TaskState.CLOSED)


def next_tasks(campaign: Campaign, count: int) -> list[Task]:
    """The ranked lane's next open tasks, best first."""
    return list(
        Task.objects.filter(campaign=campaign, state=TaskState.OPEN, lane=Lane.RANKED)
        .select_related("campaign_item__item__source_image", "priority_model")
        .order_by("-priority", "id")[:count]
    )
