"""The nightly check of the live figures, and its alert."""

from datetime import datetime

from annotation_app.enums import AlertKind
from annotation_app.models import Campaign
from annotation_app.services.agreement.rebuilding import rebuild_store
from annotation_app.services.alerts.lifecycle import raise_alert, resolve_alert

SHOWN = 5


def check_campaigns(*, now: datetime) -> int:
    """Check every campaign that has ratings; in how many the figures differed."""
    campaigns = Campaign.objects.filter(ratings__isnull=False).distinct().select_related("rubric")
    return sum(bool(check_live_figures(campaign=campaign, now=now)) for campaign in campaigns)


def check_live_figures(*, campaign: Campaign, now: datetime) -> list[str]:
    """Rebuild a campaign's live figures; open an alert if they differed, resolve it if not.

    Returns:
        What differed.
    """
    found = rebuild_store(campaign=campaign, now=now)
    if found:
        raise_alert(
            campaign=campaign,
            kind=AlertKind.STORE_DIFFERS,
            arguments={"count": len(found), "first": found[:SHOWN]},
            now=now,
        )
    else:
        resolve_alert(campaign=campaign, kind=AlertKind.STORE_DIFFERS, now=now)
    return found
