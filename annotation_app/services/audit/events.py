"""Writing the audit log; every service that changes something calls this itself."""

from typing import Any

from annotation_app.enums import AuditVerb
from annotation_app.models import AuditEvent, Campaign, User


def record_event(
    *,
    actor: User | None,
    verb: AuditVerb,
    object_type: str,
    object_id: object,
    campaign: Campaign | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append one event; the caller's transaction decides whether it stays.

    Args:
        actor: who did it; None for the system itself.
        verb: what was done.
        object_type: the kind of object, in the field's words ("rating", "campaign").
        object_id: its identifier, stored as text.
        campaign: the campaign it belongs to, if any.
        data: facts a reader would ask for; JSON values, no secrets.
    """
    return AuditEvent.objects.create(
        actor=actor,
        verb=verb,
        object_type=object_type,
        object_id=str(object_id),
        campaign=campaign,
        data=data or {},
    )
