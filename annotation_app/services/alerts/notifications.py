"""Telling of an alert: messages to the campaign's webhooks, and mail to its admins."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from annotation_app.enums import MembershipStatus, Role
from annotation_app.jobs import enqueue_alert_mail, enqueue_delivery
from annotation_app.models import Alert, AlertOptOut, User, Webhook, WebhookDelivery
from annotation_app.selectors.alerts.alerts import alert_sentence

TEST = "test"
PATIENCE = timedelta(minutes=5)
TOO_LATE = timedelta(days=1)


def tell(alert: Alert, event: str, *, now: datetime) -> None:
    """Queue a message to every webhook, and mail if the alert is new; after the commit."""
    for webhook in Webhook.objects.filter(campaign=alert.campaign_id):
        queue_message(webhook, event, alert=alert, now=now)
    if alert.resolved_at is None:
        enqueue_alert_mail(alert)


def queue_message(
    webhook: Webhook, event: str, *, alert: Alert | None, now: datetime
) -> WebhookDelivery:
    """Write a message down and send it once the transaction commits."""
    delivery = WebhookDelivery.objects.create(
        webhook=webhook,
        alert=alert,
        event=event,
        payload=_payload(webhook, event, alert, now),
        next_attempt_at=now,
    )
    enqueue_delivery(delivery)
    return delivery


def mail_alert(*, alert_id: int, now: datetime) -> int:
    """Mail an alert to the campaign's admins who want mail, each in their language; once.

    Returns:
        How many were written to; 0 if it was mailed before.

    Raises:
        OSError: if the mail server refuses; the alert counts as not mailed and is tried again.
    """
    claimed = Alert.objects.filter(pk=alert_id, mailed_at=None).update(mailed_at=now)
    if not claimed:
        return 0
    alert = Alert.objects.select_related("campaign").get(pk=alert_id)
    people = recipients(alert)
    try:
        for person in people:
            with translation.override(person.language or settings.LANGUAGE_CODE):
                _mail(alert, person)
    except OSError:
        Alert.objects.filter(pk=alert_id).update(mailed_at=None)
        raise
    return len(people)


def mail_unmailed(*, now: datetime) -> int:
    """Send the open alerts again whose mail got lost on its way; how many."""
    lost = Alert.objects.filter(
        mailed_at=None,
        resolved_at=None,
        opened_at__lte=now - PATIENCE,
        opened_at__gt=now - TOO_LATE,
    )
    found = list(lost)
    for alert in found:
        enqueue_alert_mail(alert)
    return len(found)


def recipients(alert: Alert) -> list[User]:
    """Active admins of the campaign with an address, without those who opted out."""
    refused = AlertOptOut.objects.filter(campaign=alert.campaign).values("user")
    return list(
        User.objects.filter(
            is_active=True,
            memberships__campaign=alert.campaign,
            memberships__role=Role.ADMIN,
            memberships__status=MembershipStatus.ACTIVE,
        )
        .exclude(pk__in=refused)
        .exclude(email="")
        .distinct()
    )


def _mail(alert: Alert, person: User) -> None:
    facts = {
        "alert": alert,
        "campaign": alert.campaign,
        "sentence": alert_sentence(alert),
        "address": settings.SITE_URL + reverse("alert-list", args=[alert.campaign.slug]),
    }
    EmailMessage(
        subject=render_to_string("alerts/mail_subject.txt", facts).strip(),
        body=render_to_string("alerts/mail.txt", facts),
        to=[person.email],
    ).send()


def _payload(webhook: Webhook, event: str, alert: Alert | None, now: datetime) -> dict[str, Any]:
    campaign = webhook.campaign
    told: dict[str, Any] = {
        "event": event,
        "sent_at": now.isoformat(),
        "campaign": {"name": campaign.name, "slug": campaign.slug},
    }
    if alert is not None:
        with translation.override("en"):
            sentence = alert_sentence(alert)
        told["alert"] = {
            "id": str(alert.public_id),
            "kind": alert.kind,
            "subject": alert.subject,
            "arguments": alert.arguments,
            "message": sentence,
            "opened_at": alert.opened_at.isoformat(),
            "resolved_at": alert.resolved_at.isoformat() if alert.resolved_at else None,
        }
    return told
