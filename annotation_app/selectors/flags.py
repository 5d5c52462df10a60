"""The flags of a campaign's items."""

from django.db.models import QuerySet

from annotation_app.models import Campaign, Flag

PAST_SHOWN = 50


def open_flags(campaign: Campaign) -> QuerySet[Flag]:
    """Flags that wait, oldest first."""
    return _flags(campaign).filter(resolved_at=None).order_by("created_at", "pk")


def settled_flags(campaign: Campaign) -> QuerySet[Flag]:
    """The last settled ones."""
    rows = _flags(campaign).filter(resolved_at__isnull=False)
    return rows.order_by("-resolved_at", "-pk")[:PAST_SHOWN]


def _flags(campaign: Campaign) -> QuerySet[Flag]:
    return Flag.objects.filter(item__campaign_items__campaign=campaign).select_related(
        "item__source_image", "annotator", "resolved_by"
    )
