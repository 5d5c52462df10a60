"""Taking a whole import of ratings out of the count again."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, RatingsImportState, RatingStatus, TaskState
from annotation_app.exceptions import ConflictError
from annotation_app.models import CampaignItem, Rating, RatingsImport, Task, User
from annotation_app.services.audit.events import record_event
from annotation_app.services.collections.rating_imports.writing import note_changes


def release_import(*, record: RatingsImport, actor: User | None, reason: str, now: datetime) -> int:
    """Release every counted rating of an import and close its slots; how many there were.

    The ratings stay on record, and so do snapshots that hold them. Imported items stay too.

    Raises:
        ConflictError: if it was released before.
    """
    with transaction.atomic():
        fresh = RatingsImport.objects.select_for_update(of=("self",)).get(pk=record.pk)
        if fresh.state == RatingsImportState.RELEASED:
            raise ConflictError(_("This import has already been released."))
        counted = Rating.objects.filter(
            imported_by__ratings_import=fresh, status=RatingStatus.ACTIVE
        )
        items = sorted(set(counted.values_list("campaign_item_id", flat=True)))
        list(
            CampaignItem.objects.select_for_update(no_key=True).filter(pk__in=items).order_by("pk")
        )
        pks = list(counted.values_list("pk", flat=True))
        Rating.objects.filter(pk__in=pks).update(
            status=RatingStatus.RELEASED, closed_at=Coalesce(F("closed_at"), now)
        )
        Task.objects.filter(ratings__in=pks).update(state=TaskState.CLOSED)
        note_changes(fresh, items)
        fresh.state, fresh.released_at = RatingsImportState.RELEASED, now
        fresh.released_by, fresh.release_reason = actor, reason[:500]
        fresh.save(update_fields=["state", "released_at", "released_by", "release_reason"])
        record_event(
            actor=actor,
            verb=AuditVerb.RELEASED,
            object_type="ratings_import",
            object_id=fresh.public_id,
            campaign=fresh.campaign,
            data={"reason": reason, "ratings": len(pks)},
        )
    return len(pks)
