"""The flags of a campaign's items."""

from typing import Any

from django.db.models import QuerySet

from annotation_app.models import Campaign, Flag

PAST_SHOWN = 50


def open_flags(campaign: Campaign, hidden: QuerySet[Any]) -> QuerySet[Flag]:
    """Flags that wait, oldest first; `hidden` are ids of items to leave out for the reader."""
    return _flags(campaign, hidden).filter(resolved_at=None).order_by("created_at", "pk")


def settled_flags(campaign: Campaign, hidden: QuerySet[Any]) -> QuerySet[Flag]:
    """The last settled ones."""
    rows = _flags(campaign, hidden).filter(resolved_at__isnull=False)
    return rows.order_by("-resolved_at", "-pk")[:PAST_SHOWN]


def _flags(campaign: Campaign, hidden: QuerySet[Any]) -> QuerySet[Flag]:
    flags = Flag.objects.filter(item__campaign_items__campaign=campaign).exclude(item__in=hidden)
    return flags.select_related("item__source_image", "annotator", "resolved_by", "task__campaign")
