"""What a qualification test can still ask an annotator."""

from annotation_app.models import (
    Campaign,
    GoldItem,
    Task,
    User,
)


def fresh_gold(*, annotator: User, campaign: Campaign) -> list[GoldItem]:
    """Active gold items outside the lessons that the annotator has never seen or been given."""
    met = Task.objects.filter(campaign=campaign, leases__annotator=annotator)
    given = Task.objects.filter(campaign=campaign, assigned_to=annotator)
    return list(
        GoldItem.objects.filter(
            campaign=campaign,
            is_active=True,
            example=None,
            campaign_item__item__withdrawn_at__isnull=True,
        )
        .exclude(campaign_item__in=met.values("campaign_item"))
        .exclude(campaign_item__in=given.values("campaign_item"))
        .order_by("pk")
    )
