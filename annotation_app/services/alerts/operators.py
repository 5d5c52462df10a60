"""Mail to the operators of the installation, about what belongs to no campaign."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from annotation_app.models import User


def mail_operators(*, subject: str, body: str, facts: Callable[[], Mapping[str, object]]) -> int:
    """Mail every operator with an address, each in their language; how many were written to.

    Args:
        subject: the template of the subject line.
        body: the template of the text.
        facts: what they say, asked once per language; the health page's address is added.

    Raises:
        OSError: if the mail server refuses.
    """
    people = list(User.objects.filter(is_active=True, is_superuser=True).exclude(email=""))
    for person in people:
        with translation.override(person.language or settings.LANGUAGE_CODE):
            said = {"address": settings.SITE_URL + reverse("health"), **facts()}
            EmailMessage(
                subject=render_to_string(subject, said).strip(),
                body=render_to_string(body, said),
                to=[person.email],
            ).send()
    return len(people)
