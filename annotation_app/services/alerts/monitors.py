"""Monitors campaigns for alert conditions: opens alerts, and resolves those whose cause ended."""

from collections.abc import Iterable
from datetime import datetime

from annotation_app.enums import (
    AlertKind,
)
from annotation_app.models import Alert, Campaign
from annotation_app.selectors.alerts.conditions import (
    Conditions,
    below_gate,
    paused_annotators,
    starved_queue,
)
from annotation_app.selectors.alerts.neighbours import (
    flagged_elsewhere,
    withdrawn_elsewhere,
)
from annotation_app.services.alerts.lifecycle import raise_alert, resolve_alert


def watch_campaign(*, campaign: Campaign, now: datetime) -> None:
    """Bring a campaign's alerts in line with the current conditions."""
    settle(campaign, AlertKind.AGREEMENT_BELOW_GATE, below_gate(campaign), now)
    settle(campaign, AlertKind.QUEUE_STARVED, starved_queue(campaign), now)
    settle(campaign, AlertKind.ANNOTATOR_PAUSED, paused_annotators(campaign), now)
    settle(campaign, AlertKind.FLAGGED_ELSEWHERE, flagged_elsewhere(campaign), now)
    settle(campaign, AlertKind.WITHDRAWN_ELSEWHERE, withdrawn_elsewhere(campaign, now), now)


def settle(campaign: Campaign, kind: AlertKind, found: Conditions, now: datetime) -> None:
    """Open an alert for each subject found, and resolve the kind's others."""
    for subject, arguments in found.items():
        raise_alert(campaign=campaign, kind=kind, subject=subject, arguments=arguments, now=now)
    for subject in _open_subjects(campaign, kind) - found.keys():
        resolve_alert(campaign=campaign, kind=kind, subject=subject, now=now)


def _open_subjects(campaign: Campaign, kind: AlertKind) -> set[str]:
    rows: Iterable[str] = Alert.objects.filter(
        campaign=campaign, kind=kind, resolved_at=None
    ).values_list("subject", flat=True)
    return set(rows)
