"""The audit log's hash chain."""

import hashlib
import json
from collections.abc import Iterable

from django.db import OperationalError, connection, transaction

from annotation_app.models import AuditEvent, AuditSeal

LOCK = 7_203_011  # one sealer at a time
BATCH = 50_000  # events in one link at most


def seal_audit_log() -> int:
    """Append a link over all settled events since the last one.

    Returns:
        How many events were sealed; 0 also while another process seals or writers are busy.
    """
    settled = _last_settled_event()
    with transaction.atomic():
        if settled is None or not _only_sealer():
            return 0
        last = AuditSeal.objects.order_by("-id").first()
        fresh = AuditEvent.objects.filter(
            pk__gt=last.last_event if last else 0, pk__lte=settled
        ).order_by("pk")
        events = list(fresh[:BATCH])
        if not events:
            return 0
        AuditSeal.objects.create(
            first_event=events[0].pk,
            last_event=events[-1].pk,
            event_count=len(events),
            digest=chain_digest(last.digest if last else "", events),
        )
        return len(events)


def chain_digest(previous: str, events: Iterable[AuditEvent]) -> str:
    """sha256 over the previous link and each event's canonical JSON, as hexadecimal."""
    digest = hashlib.sha256(previous.encode())
    for event in events:
        digest.update(
            json.dumps(
                [
                    event.pk,
                    event.actor_id,
                    event.verb,
                    event.object_type,
                    event.object_id,
                    event.campaign_id,
                    event.data,
                    event.created_at.isoformat(),
                ],
                sort_keys=True,
                ensure_ascii=False,
            ).encode()
        )
    return digest.hexdigest()


def _last_settled_event() -> int | None:
    """The newest event before which no open transaction can still write; None if not known.

    An identifier is drawn before its transaction commits, so a later event may appear below an
    earlier one. A SHARE lock is granted once every writer so far has ended; it is held for one
    look and asked for only briefly, so that no submit waits behind it.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            cursor.execute("LOCK TABLE annotation_app_auditevent IN SHARE MODE")
            cursor.execute("SELECT max(id) FROM annotation_app_auditevent")
            newest: int | None = cursor.fetchone()[0]
            return newest
    except OperationalError:
        return None


def _only_sealer() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])
