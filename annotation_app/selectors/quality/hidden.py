"""Items that may come back to an annotator as hidden repeats, and those they know already."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from annotation_app.enums import (
    Purpose,
    RatingStatus,
    ReviewState,
)
from annotation_app.models import (
    Campaign,
    CampaignItem,
    QualityPlan,
    Rating,
    Task,
    User,
)


def repeatable_items(*, plan: QualityPlan, annotator: User, now: datetime) -> list[int]:
    """Items that the annotator rated long enough ago and cannot look up on any page of theirs."""
    repeated = Task.objects.filter(
        campaign=plan.campaign, purpose=Purpose.REPEAT, assigned_to=annotator
    )
    return list(
        Rating.objects.filter(
            campaign=plan.campaign,
            annotator=annotator,
            purpose=Purpose.PRODUCTION,
            status=RatingStatus.ACTIVE,
            submitted_at__lt=now - timedelta(days=plan.repeat_after_days),
            campaign_item__item__withdrawn_at__isnull=True,
        )
        .exclude(campaign_item__in=repeated.values("campaign_item"))
        .exclude(campaign_item__in=known_items(annotator, plan.campaign))
        .order_by("campaign_item")
        .values_list("campaign_item", flat=True)
        .distinct()
    )


def known_items(annotator: User, campaign: Campaign) -> QuerySet[CampaignItem]:
    """Items that the annotator discussed, or whose decided levels they may read."""
    talked = Q(tasks__leases__annotator=annotator, tasks__leases__thread_messages__isnull=False)
    decided = Q(review_cases__state=ReviewState.DECIDED)
    return CampaignItem.objects.filter(talked | decided, campaign=campaign).distinct()
