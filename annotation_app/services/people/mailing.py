"""Invitations by email: from the site, or as a letter for the admin's own mail program."""

import logging
from smtplib import SMTPException
from urllib.parse import quote

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from annotation_app.services.people.invitations import FreshInvitation

SILENT = ("console.EmailBackend", "dummy.EmailBackend")
logger = logging.getLogger(__name__)


def invitation_path(fresh: FreshInvitation) -> str:
    """The path where an invitation opens, on any host that serves the site."""
    return reverse("invitation", args=[fresh.token])


def invitation_link(fresh: FreshInvitation) -> str:
    """The address that opens an invitation, for mail: it begins with SITE_URL."""
    return f"{settings.SITE_URL}{invitation_path(fresh)}"


def mail_invitation(fresh: FreshInvitation) -> bool:
    """Mail an invitation; False if the site sends no mail or the mail server refused it."""
    if settings.EMAIL_BACKEND.endswith(SILENT):
        return False
    subject, text = _letter(fresh, invitation_link(fresh))
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [fresh.invitation.email])
    except (OSError, SMTPException) as error:
        logger.warning("the mail server refused an invitation: %s", type(error).__name__)
        return False
    return True


def letter_address(fresh: FreshInvitation, link: str) -> str:
    """A mailto: address that opens the letter in a mail program (RFC 6068)."""
    subject, text = _letter(fresh, link)
    lines = text.replace("\n", "\r\n")
    to = quote(fresh.invitation.email, safe="@")
    return f"mailto:{to}?subject={quote(subject, safe='')}&body={quote(lines, safe='')}"


def _letter(fresh: FreshInvitation, link: str) -> tuple[str, str]:
    facts = {"invitation": fresh.invitation, "link": link}
    subject = " ".join(render_to_string("people/mail_subject.txt", facts).split())
    return subject, render_to_string("people/mail.txt", facts)
