"""Mail to the operators of the installation, about what belongs to no campaign."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from annotation_app.models import AuditCheck, User
from annotation_app.selectors.audit.checks import audit_breaks


def mail_operators(*, now: datetime) -> int:
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
    people = list(User.objects.filter(is_active=True, is_superuser=True).exclude(email=""))
    try:
        for person in people:
            with translation.override(person.language or settings.LANGUAGE_CODE):
                _mail(check, person)
    except OSError:
        AuditCheck.objects.filter(pk=check.pk).update(told_at=None)
        raise
    return len(people)


def _mail(check: AuditCheck, person: User) -> None:
    facts = {"breaks": audit_breaks(check), "address": settings.SITE_URL + reverse("health")}
    EmailMessage(
        subject=render_to_string("alerts/audit_subject.txt", facts).strip(),
        body=render_to_string("alerts/audit.txt", facts),
        to=[person.email],
    ).send()
