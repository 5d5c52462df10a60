"""Signatures of webhook messages: HMAC-SHA256 over the time and the body."""

import hashlib
import hmac

from django.utils.crypto import salted_hmac

from annotation_app.models import Webhook

SALT = "annotation_app.webhook"
HEADER = "EditJury-Signature"


def webhook_secret(webhook: Webhook) -> str:
    """The secret that its receiver checks signatures with.

    It is derived from the installation's secret key, so that no table stores it; a new webhook has
    a new one, and so has every webhook after a change of that key.
    """
    return salted_hmac(SALT, str(webhook.public_id), algorithm="sha256").hexdigest()


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """The header's value, `t=<Unix seconds>,v1=<hexadecimal HMAC of "t.body">`."""
    signed = f"{timestamp}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"
