"""Reads the state of the audit log when it was last verified."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotation_app.enums import AuditBreak
from annotation_app.models import AuditCheck

SENTENCES: Mapping[str, Promise] = {
    AuditBreak.CHANGED: _("Events %(first)s to %(last)s differ from what was sealed."),
    AuditBreak.REMOVED: _(
        "Events %(first)s to %(last)s: %(sealed)s were sealed, %(present)s are there."
    ),
    AuditBreak.UNSEALED: _("Between events %(first)s and %(last)s, %(present)s are in no seal."),
    AuditBreak.RESEALED: _(
        "The seal up to event %(last)s, which the last verification saw, is missing or different."
    ),
}


def audit_breaks(check: AuditCheck) -> list[str]:
    """What did not hold, a sentence each."""
    return [str(SENTENCES[found["kind"]]) % found for found in check.breaks]
