"""What happens to a campaign's items outside it: flags and withdrawals of other campaigns.

Items belong to a collection; its campaigns share them (docs/decisions/0013). The sentences name no
item, for an admin who also rates reads them too.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from annotation_app.enums import AuditVerb
from annotation_app.models import AuditEvent, Campaign, Flag, Withdrawal

TOLD_FOR = timedelta(days=7)


def campaigns_told() -> QuerySet[Campaign]:
    """Campaigns of any state with an item that was withdrawn lately or flagged elsewhere."""
    lately = Withdrawal.objects.filter(restored_at=None, withdrawn_at__gt=timezone.now() - TOLD_FOR)
    flags = Flag.objects.filter(resolved_at=None, task__isnull=False)
    touched = [rows.values("item__campaign_items__campaign") for rows in (lately, flags)]
    return Campaign.objects.filter(Q(pk__in=touched[0]) | Q(pk__in=touched[1]))


def flagged_elsewhere(campaign: Campaign) -> Mapping[str, dict[str, Any]]:
    """Whether flags of other campaigns wait on a campaign's items, and how many."""
    flags = Flag.objects.filter(
        item__campaign_items__campaign=campaign, resolved_at=None, task__isnull=False
    )
    count = flags.exclude(task__campaign=campaign).count()
    return {"": {"count": count}} if count else {}


def withdrawn_elsewhere(campaign: Campaign, now: datetime) -> Mapping[str, dict[str, Any]]:
    """Days of the last week with withdrawals from outside a campaign that still hold."""
    lately = Withdrawal.objects.filter(
        item__campaign_items__campaign=campaign,
        restored_at=None,
        withdrawn_at__gt=now - TOLD_FOR,
    )
    moments = dict(lately.values_list("item", "withdrawn_at"))
    own = AuditEvent.objects.filter(
        object_type="item",
        object_id__in=[str(item) for item in moments],
        verb=AuditVerb.WITHDRAWN,
        campaign=campaign,
        created_at__gte=now - TOLD_FOR,
    )
    known = {int(item) for item in own.values_list("object_id", flat=True)}
    days = Counter(
        moment.date().isoformat() for item, moment in moments.items() if item not in known
    )
    return {day: {"day": day, "count": count} for day, count in days.items()}
