"""An annotator's leases, and the images that they show."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from annotation_app.models import (
    Campaign,
    Image,
    Item,
    Lease,
    Task,
    User,
)
from annotation_app.selectors.rows import columns, read_row, read_together

SOURCE = 0  # the position of the source image; candidates count from 1
READ_LEASE = f"""
SELECT {columns(Lease, "lease")}, {columns(Task, "task")}, {columns(Campaign, "campaign")}
FROM annotation_app_lease lease
JOIN annotation_app_task task ON task.id = lease.task_id
JOIN annotation_app_campaign campaign ON campaign.id = task.campaign_id
WHERE lease.token = %s AND lease.annotator_id = %s
"""  # noqa: S608 - columns of models
FIND_CAMPAIGN = f"""
SELECT {columns(Campaign)} FROM annotation_app_campaign WHERE slug = %s
"""  # noqa: S608 - columns of a model


def find_lease(*, annotator: User, token: UUID) -> Lease | None:
    """Return the annotator's own lease of that token, with its task and campaign."""
    found = read_together((Lease, Task, Campaign), READ_LEASE, [token, annotator.pk])
    if found is None:
        return None
    lease: Lease = found[0]
    lease.task, lease.task.campaign, lease.annotator = found[1], found[2], annotator
    return lease


def find_campaign(slug: str) -> Campaign | None:
    """Return the campaign of that slug."""
    return read_row(Campaign, FIND_CAMPAIGN, [slug])


def open_leases(*, annotator: User, campaign: Campaign) -> QuerySet[Lease]:
    """Return the annotator's open leases in a campaign, the oldest first."""
    return (
        Lease.objects.filter(annotator=annotator, ended_at=None, task__campaign=campaign)
        .select_related("task")
        .order_by("leased_at", "pk")
    )


def find_stray_lease(
    *, annotator: User, campaign: Campaign, known: Sequence[UUID] | None, now: datetime
) -> Lease | None:
    """Return the oldest running lease that is not among the known ones; None if all are known."""
    if known is None:
        return None
    held = open_leases(annotator=annotator, campaign=campaign).filter(expires_at__gt=now)
    return held.exclude(token__in=known).first()


def image_at(lease: Lease, position: int) -> Image | None:
    """Return the image that a lease shows at a position; None if its item is withdrawn, too."""
    if position == SOURCE:
        items = Item.objects.filter(
            campaign_items=lease.task.campaign_item_id, withdrawn_at__isnull=True
        )
        return Image.objects.filter(items__in=items).first()
    if not 1 <= position <= len(lease.candidate_order):
        return None
    return Image.objects.filter(
        candidates=lease.candidate_order[position - 1],
        candidates__item__withdrawn_at__isnull=True,
    ).first()
