"""Handing messages to webhooks: one attempt at a time, again later until given up."""

import json
from datetime import datetime, timedelta

from annotation_app.enums import DeliveryState
from annotation_app.exceptions import InvalidInputError
from annotation_app.jobs import enqueue_delivery
from annotation_app.models import WebhookDelivery
from annotation_app.services.alerts.outgoing import DeliveryError, post
from annotation_app.services.alerts.signing import HEADER, signature, webhook_secret

# How long to wait after each failed attempt; after the last one it is given up.
WAITS = [timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 1440)]
ACCEPTED = range(200, 300)
LONGEST_ERROR = 300
AT_ONCE = 100


def deliver(*, delivery_id: int, now: datetime) -> DeliveryState | None:
    """Try to deliver one message.

    The attempt is claimed first, so that a message sent twice to the queue is posted once.

    Returns:
        The resulting state; None if no delivery was due.
    """
    delivery = _claim(delivery_id, now)
    if delivery is None:
        return None
    body = json.dumps(delivery.payload, ensure_ascii=False).encode()
    delivery.status_code, delivery.error = _attempt(delivery, body, now)
    if delivery.status_code in ACCEPTED:
        delivery.state = DeliveryState.DELIVERED
    elif delivery.attempts > len(WAITS):
        delivery.state = DeliveryState.FAILED
    if delivery.state != DeliveryState.PENDING:
        delivery.finished_at = now
    delivery.save(update_fields=["status_code", "error", "state", "finished_at"])
    return DeliveryState(delivery.state)


def send_due(*, now: datetime) -> int:
    """Send the messages that are due again, or whose first sending got lost; how many."""
    due = WebhookDelivery.objects.filter(state=DeliveryState.PENDING, next_attempt_at__lte=now)
    found = list(due.order_by("next_attempt_at")[:AT_ONCE])
    for delivery in found:
        enqueue_delivery(delivery)
    return len(found)


def _claim(delivery_id: int, now: datetime) -> WebhookDelivery | None:
    due = WebhookDelivery.objects.filter(
        pk=delivery_id, state=DeliveryState.PENDING, next_attempt_at__lte=now
    )
    delivery = due.select_related("webhook").first()
    if delivery is None:
        return None
    wait = WAITS[min(delivery.attempts, len(WAITS) - 1)]
    claimed = due.filter(attempts=delivery.attempts).update(
        attempts=delivery.attempts + 1, next_attempt_at=now + wait
    )
    if not claimed:
        return None
    delivery.attempts, delivery.next_attempt_at = delivery.attempts + 1, now + wait
    return delivery


def _attempt(delivery: WebhookDelivery, body: bytes, now: datetime) -> tuple[int | None, str]:
    """The answer's status, or why there is none."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "EditJury",
        "EditJury-Event": delivery.event,
        "EditJury-Delivery": str(delivery.public_id),
        HEADER: signature(webhook_secret(delivery.webhook), int(now.timestamp()), body),
    }
    try:
        status = post(delivery.webhook.url, body, headers)
    except (DeliveryError, InvalidInputError) as error:
        return None, str(error)[:LONGEST_ERROR]
    return status, ""
