"""Verifies the audit log against its seals; a task does so every night."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypedDict

from django.db.models import Sum

from annotation_app.enums import AlertKind, AuditBreak
from annotation_app.models import Alert, AuditCheck, AuditEvent, AuditSeal, Campaign
from annotation_app.selectors.audit.checks import audit_breaks
from annotation_app.services.alerts.lifecycle import raise_alert, resolve_alert
from annotation_app.services.alerts.operators import mail_operators
from annotation_app.services.audit.seals import chain_digest


class Break(TypedDict):
    """A part of the log that does not hold; JSON-ready.

    The seal from event `first` to event `last` counted `sealed` events; `present` are there.
    """

    kind: str
    first: int
    last: int
    sealed: int
    present: int


def check_audit_log(*, now: datetime) -> AuditCheck:
    """Verify the log, record the result, and bring the campaigns' alerts in line with it.

    The operators are mailed by `tell_of_audit_breaks`, once for each result that
    differs from the last.
    """
    before = AuditCheck.objects.first()
    breaks = verify_audit_log(before)
    head = AuditSeal.objects.order_by("-id").first()
    counted = AuditSeal.objects.aggregate(events=Sum("event_count"))["events"] or 0
    known = before is not None and before.told_at is not None and before.breaks == breaks
    check = AuditCheck.objects.create(
        checked_at=now,
        seals=AuditSeal.objects.count(),
        events=counted,
        breaks=breaks,
        last_event=head.last_event if head else 0,
        digest=head.digest if head else "",
        told_at=now if known or not breaks else None,
    )
    _settle_alerts(breaks, now)
    return check


def verify_audit_log(before: AuditCheck | None = None) -> list[Break]:
    """Recompute every link; what does not hold, in the log's order.

    Args:
        before: the last check, whose newest seal must still be there.
    """
    return [*_broken_links(), *_resealed(before)]


def _broken_links() -> Iterator[Break]:
    """Links that do not hold, and events between two of them: the sealer leaves none behind."""
    previous, end = "", 0
    for seal in AuditSeal.objects.order_by("id"):
        span = AuditEvent.objects.filter(pk__gt=end, pk__lte=seal.last_event)
        found = list(span.order_by("pk"))
        events = [event for event in found if event.pk >= seal.first_event]
        if len(events) < len(found):
            yield Break(
                kind=AuditBreak.UNSEALED.value,
                first=end,
                last=seal.first_event,
                sealed=0,
                present=len(found) - len(events),
            )
        if len(events) != seal.event_count:
            yield _break(AuditBreak.REMOVED, seal, len(events))
        elif chain_digest(previous, events) != seal.digest:
            yield _break(AuditBreak.CHANGED, seal, len(events))
        previous, end = seal.digest, seal.last_event


def _resealed(before: AuditCheck | None) -> Iterator[Break]:
    """The newest seal of the last check, if it is gone: seals cut off the end leave no other trace.

    A result that names it is repeated from then on, because the new chain would hide it.
    """
    if before is None:
        return
    kept = [one for one in before.breaks if one["kind"] == AuditBreak.RESEALED]
    yield from kept
    head = {"last_event": before.last_event, "digest": before.digest}
    if before.digest and not AuditSeal.objects.filter(**head).exists():
        last = before.last_event
        yield Break(kind=AuditBreak.RESEALED.value, first=last, last=last, sealed=1, present=0)


def _break(kind: AuditBreak, seal: AuditSeal, present: int) -> Break:
    return Break(
        kind=kind.value,
        first=seal.first_event,
        last=seal.last_event,
        sealed=seal.event_count,
        present=present,
    )


def _settle_alerts(breaks: list[Break], now: datetime) -> None:
    """Alert the campaigns with events in the broken parts; resolve the alerts of the others."""
    found: dict[int, int] = {}
    for broken in breaks:
        events = AuditEvent.objects.filter(pk__gte=broken["first"], pk__lte=broken["last"])
        touched = events.exclude(campaign=None).order_by().values_list("campaign", flat=True)
        for key in touched.distinct():
            found[key] = found.get(key, 0) + 1
    kind = AlertKind.AUDIT_CHANGED
    for campaign in Campaign.objects.filter(pk__in=found):
        arguments: dict[str, Any] = {"count": found[campaign.pk]}
        raise_alert(campaign=campaign, kind=kind, arguments=arguments, now=now)
    over = Alert.objects.filter(kind=kind, resolved_at=None).exclude(campaign__in=found)
    for alert in over.select_related("campaign"):
        resolve_alert(campaign=alert.campaign, kind=kind, now=now)


def tell_of_audit_breaks(*, now: datetime) -> int:
    """Mail the operators of the last verification of the audit log, if it failed; once.

    Returns:
        How many were written to.

    Raises:
        OSError: if the mail server refuses; it is tried again.
    """
    check = AuditCheck.objects.first()
    if check is None or check.told_at is not None:
        return 0
    if not AuditCheck.objects.filter(pk=check.pk, told_at=None).update(told_at=now):
        return 0
    try:
        return mail_operators(
            subject="alerts/audit_subject.txt",
            body="alerts/audit.txt",
            facts=lambda: {"breaks": audit_breaks(check)},
        )
    except OSError:
        AuditCheck.objects.filter(pk=check.pk).update(told_at=None)
        raise
