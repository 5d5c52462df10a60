"""Pilots: a few items that every annotator rates, apart from the data."""

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.models.campaigns import Campaign, CampaignItem


class Pilot(models.Model):
    """A campaign's pilot; its ratings never become data, and its items leave production."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="pilot")
    items = models.ManyToManyField(CampaignItem, related_name="+")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    promoted_at = models.DateTimeField(null=True, blank=True, help_text="production began")
    promoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["campaign"]

    @override
    def __str__(self) -> str:
        return f"pilot of {self.campaign_id}"
