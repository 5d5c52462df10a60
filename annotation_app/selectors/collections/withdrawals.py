"""Which items of a snapshot were withdrawn since it was taken."""

from typing import TypedDict

from django.db.models import QuerySet

from annotation_app.models import Item, Snapshot, SnapshotItem


class WithdrawnItem(TypedDict):
    """An item that is withdrawn by now: its name in the files, since when, and why."""

    item_id: str
    withdrawn_at: str | None
    reason: str


def withdrawn_from(snapshot: Snapshot | None) -> QuerySet[Item]:
    """The items of a snapshot that are withdrawn by now, by their own id; none without one."""
    if snapshot is None:
        return Item.objects.none()
    kept = SnapshotItem.objects.filter(
        snapshot=snapshot, campaign_item__item__withdrawn_at__isnull=False
    )
    return Item.objects.filter(pk__in=kept.values("campaign_item__item")).order_by("external_id")


def withdrawal_records(snapshot: Snapshot | None) -> list[WithdrawnItem]:
    """The same as plain JSON: what a reader of the version has to leave out, and why."""
    return [
        {
            "item_id": item.external_id,
            "withdrawn_at": item.withdrawn_at.isoformat() if item.withdrawn_at else None,
            "reason": item.withdrawal_reason,
        }
        for item in withdrawn_from(snapshot)
    ]
