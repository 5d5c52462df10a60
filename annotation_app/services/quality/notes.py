"""Notes to annotators: by a person, or by a rule before it pauses."""

from datetime import datetime

from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, NoteKind
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import AnnotatorNote, Membership, User
from annotation_app.services.audit.events import record_event

LONGEST_NOTE = 1000


def write_note(
    *,
    actor: User | None,
    membership: Membership,
    kind: NoteKind,
    now: datetime,
    text: str = "",
) -> AnnotatorNote:
    """Leave a note that the annotator sees at home and on the workbench until they read it.

    Raises:
        InvalidInputError: if a message is empty, or longer than 1,000 characters.
    """
    text = text.strip()
    if len(text) > LONGEST_NOTE or (kind == NoteKind.MESSAGE and not text):
        raise InvalidInputError(
            _("A message must have between 1 and %(most)s characters.") % {"most": LONGEST_NOTE}
        )
    note = AnnotatorNote.objects.create(
        membership=membership, kind=kind, text=text, author=actor, created_at=now
    )
    record_event(
        actor=actor,
        verb=AuditVerb.CREATED,
        object_type="note",
        object_id=note.pk,
        campaign=membership.campaign,
        data={"kind": kind.value, "rater": membership.user.pseudonym},
    )
    return note


def read_note(*, note: AnnotatorNote, now: datetime) -> None:
    """The annotator has read it: it is not shown again."""
    AnnotatorNote.objects.filter(pk=note.pk, read_at=None).update(read_at=now)
