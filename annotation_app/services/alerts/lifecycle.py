"""Opening, resolving and acknowledging alerts; others call `raise_alert` and `resolve_alert`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from annotation_app.enums import AlertKind, AuditVerb
from annotation_app.models import Alert, Campaign, User
from annotation_app.services.alerts.notifications import tell
from annotation_app.services.audit.events import record_event

OPENED = "alert.opened"
RESOLVED = "alert.resolved"


def raise_alert(
    *,
    campaign: Campaign,
    kind: AlertKind,
    now: datetime,
    subject: str = "",
    arguments: Mapping[str, Any] | None = None,
) -> Alert:
    """Open an alert once: while one of its kind and subject is open, update its arguments.

    The admins are notified of a new alert once the caller's transaction commits.

    Args:
        campaign: the campaign concerned.
        kind: what it is about; its sentence in `selectors.alerts.alerts` names the arguments.
        now: when the condition was observed.
        subject: distinguishes alerts of a kind, e.g. a dimension's key or an annotator's id.
        arguments: JSON values for the sentence.
    """
    facts = dict(arguments or {})
    known = {"campaign": campaign, "kind": kind, "subject": subject, "resolved_at": None}
    with transaction.atomic():
        alert = Alert.objects.filter(**known).first()
        if alert is None:
            alert = _open(known, facts, now)
        if alert.arguments != facts:
            alert.arguments = facts
            alert.save(update_fields=["arguments"])
    return alert


def resolve_alert(*, campaign: Campaign, kind: AlertKind, now: datetime, subject: str = "") -> bool:
    """Note that a condition has ended; False if no such alert was open."""
    with transaction.atomic():
        alert = (
            Alert.objects.select_for_update(no_key=True)
            .filter(campaign=campaign, kind=kind, subject=subject, resolved_at=None)
            .first()
        )
        if alert is None:
            return False
        alert.resolved_at = now
        alert.save(update_fields=["resolved_at"])
        tell(alert, RESOLVED, now=now)
    return True


def acknowledge_alert(*, actor: User, alert: Alert, now: datetime) -> Alert:
    """Record that someone has seen to an alert; the first acknowledgement is kept."""
    with transaction.atomic():
        fresh = Alert.objects.select_for_update(no_key=True).get(pk=alert.pk)
        if fresh.acknowledged_at is None:
            fresh.acknowledged_at, fresh.acknowledged_by = now, actor
            fresh.save(update_fields=["acknowledged_at", "acknowledged_by"])
            record_event(
                actor=actor,
                verb=AuditVerb.CHANGED,
                object_type="alert",
                object_id=fresh.public_id,
                campaign=fresh.campaign,
                data={"acknowledged": True, "kind": fresh.kind, "subject": fresh.subject},
            )
    return fresh


def _open(known: dict[str, Any], facts: dict[str, Any], now: datetime) -> Alert:
    """Open the alert, unless another process opened it at the same moment."""
    try:
        with transaction.atomic():
            alert = Alert.objects.create(**known, arguments=facts, opened_at=now)
    except IntegrityError:
        return Alert.objects.get(**known)
    tell(alert, OPENED, now=now)
    return alert
