"""Invitations by e-mail."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from annotation_app.services.people.invitations import FreshInvitation

SILENT = ("console.EmailBackend", "dummy.EmailBackend")
logger = logging.getLogger(__name__)


def invitation_link(fresh: FreshInvitation) -> str:
    """The address that opens an invitation."""
    path = reverse("invitation", args=[fresh.token])
    return f"{settings.SITE_URL}{path}"


def mail_invitation(fresh: FreshInvitation) -> bool:
    """Mail an invitation; False if the site sends no mail or the mail server refused it."""
    if settings.EMAIL_BACKEND.endswith(SILENT):
        return False
    facts = {"invitation": fresh.invitation, "link": invitation_link(fresh)}
    subject = " ".join(render_to_string("people/mail_subject.txt", facts).split())
    text = render_to_string("people/mail.txt", facts)
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [fresh.invitation.email])
    except (OSError, SMTPException) as error:
        logger.warning("the mail server refused an invitation: %s", type(error).__name__)
        return False
    return True
