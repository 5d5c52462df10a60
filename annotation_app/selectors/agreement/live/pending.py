"""Campaigns with changes that the live store has not folded yet."""

from annotation_app.models import Campaign, CampaignItemChange


def changed_campaigns() -> list[Campaign]:
    """Campaigns with changes that no fold has taken in."""
    pending = CampaignItemChange.objects.order_by().values("campaign").distinct()
    return list(Campaign.objects.filter(pk__in=pending).select_related("rubric"))
