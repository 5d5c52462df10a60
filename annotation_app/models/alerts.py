"""Alerts: conditions an admin should know of, and how they were reported."""

import uuid

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.enums import AlertKind, DeliveryState
from annotation_app.models.campaigns import Campaign


class Alert(models.Model):
    """A condition of a campaign, from the moment it began until it ended.

    `subject` distinguishes alerts of one kind: a dimension, an annotator's id; empty if there
    is only one.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=20, choices=AlertKind)
    subject = models.CharField(max_length=64, blank=True)
    arguments = models.JSONField(default=dict, help_text="what the kind's sentence says")
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind", "subject"],
                condition=models.Q(resolved_at__isnull=True),
                name="one_open_alert_per_condition",
            ),
            models.CheckConstraint(
                condition=models.Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | models.Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="acknowledged_by_somebody",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class AlertOptOut(models.Model):
    """A person who wants no alerts of a campaign by email."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user"], name="alert_opt_out_once")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user_id} in {self.campaign_id}"


class Webhook(models.Model):
    """An address on an operator-listed host that a campaign's alerts are posted to.

    The secret of its signatures is derived from the installation's key and `public_id`: it is shown
    once and stored nowhere.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=500)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "url"], name="webhook_once"),
        ]

    @override
    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One message to a webhook, sent until it is accepted or given up."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    alert = models.ForeignKey(
        Alert,
        on_delete=models.CASCADE,
        null=True,
        related_name="deliveries",
        help_text="empty for a test message",
    )
    event = models.CharField(max_length=20)
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state=DeliveryState.PENDING),
                name="delivery_due",
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.event} {self.state}"
