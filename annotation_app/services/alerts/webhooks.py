"""The webhooks of a campaign: adding, testing, deleting."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import Campaign, User, Webhook, WebhookDelivery
from annotation_app.services.alerts.notifications import TEST, queue_message
from annotation_app.services.alerts.outgoing import check_target
from annotation_app.services.audit.events import record_event

MOST_WEBHOOKS = 10
LONGEST_URL = 500


def add_webhook(*, actor: User, campaign: Campaign, url: str) -> Webhook:
    """Add an address that a campaign's alerts are posted to.

    Raises:
        InvalidInputError: if the operator did not list its host, or it is not a valid address.
        ConflictError: if the campaign has it already, or has ten.
    """
    url = url.strip()
    check_target(url)
    if len(url) > LONGEST_URL:
        raise InvalidInputError(_("Use an address of at most 500 characters."))
    if Webhook.objects.filter(campaign=campaign).count() >= MOST_WEBHOOKS:
        raise ConflictError(_("A campaign may have at most ten webhooks: delete one first."))
    try:
        with transaction.atomic():
            webhook = Webhook.objects.create(campaign=campaign, url=url, created_by=actor)
            _record(actor, AuditVerb.CREATED, webhook)
    except IntegrityError:
        raise ConflictError(_("This campaign already has a webhook with this address.")) from None
    return webhook


def delete_webhook(*, actor: User, webhook: Webhook) -> None:
    """Delete a webhook with its delivery log."""
    with transaction.atomic():
        _record(actor, AuditVerb.WITHDRAWN, webhook)
        webhook.delete()


def send_test(*, actor: User, webhook: Webhook, now: datetime) -> WebhookDelivery:
    """Post a test message to a webhook."""
    with transaction.atomic():
        delivery = queue_message(webhook, TEST, alert=None, now=now)
        _record(actor, AuditVerb.CHANGED, webhook, tested=True)
    return delivery


def _record(actor: User, verb: AuditVerb, webhook: Webhook, **facts: bool) -> None:
    record_event(
        actor=actor,
        verb=verb,
        object_type="webhook",
        object_id=webhook.public_id,
        campaign=webhook.campaign,
        data={"url": webhook.url, **facts},
    )
