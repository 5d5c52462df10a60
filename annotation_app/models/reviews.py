"""Disputed items that wait for a reviewer's word."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from annotation_app.enums import DisputeReason, ReviewState
from annotation_app.models.campaigns import Campaign, CampaignItem
from annotation_app.models.tasks import Task


class ReviewCase(models.Model):
    """One dispute about an item, from the disagreement to the decision.

    A reviewer claims it, rates the item blind in `task`, sees the others' scores and decides.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="review_cases")
    campaign_item = models.ForeignKey(
        CampaignItem, on_delete=models.CASCADE, related_name="review_cases"
    )
    reasons = ArrayField(models.CharField(max_length=12, choices=DisputeReason))
    size = models.FloatField(default=0.0, help_text="largest distance in levels: worst first")
    state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.OPEN)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True, blank=True)
    task = models.OneToOneField(
        Task, on_delete=models.PROTECT, null=True, blank=True, related_name="review_case"
    )
    note = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-size", "opened_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_item"],
                condition=models.Q(state=ReviewState.OPEN),
                name="one_open_case_per_item",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ReviewState.OPEN, decided_at__isnull=True)
                | ~models.Q(state=ReviewState.OPEN) & models.Q(decided_at__isnull=False),
                name="decided_case_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "-size", "opened_at"],
                condition=models.Q(state=ReviewState.OPEN),
                name="case_queue",
            )
        ]

    @override
    def __str__(self) -> str:
        return f"case of {self.campaign_item_id}"
