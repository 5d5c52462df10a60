"""Flags: an annotator's request that someone look at an item."""

from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, FlagKind
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Flag, Lease
from annotation_app.services.audit.events import record_event

LONGEST_NOTE = 1000


def flag_item(*, lease: Lease, kind: FlagKind, note: str = "") -> Flag:
    """Flag the leased task's item; the same kind again only replaces the note.

    Raises:
        InvalidInputError: if the note is longer than 1,000 characters.
    """
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise InvalidInputError(
            _("A note may have at most %(most)s characters.") % {"most": LONGEST_NOTE}
        )
    task = lease.task
    with transaction.atomic():
        flag, is_new = Flag.objects.update_or_create(
            task=task,
            annotator=lease.annotator,
            kind=kind,
            defaults={"note": note, "item_id": task.campaign_item.item_id},
        )
        if is_new:
            record_event(
                actor=lease.annotator,
                verb=AuditVerb.FLAGGED,
                object_type="item",
                object_id=flag.item_id,
                campaign=task.campaign,
                data={"kind": kind.value},
            )
    return flag
