"""Figures of annotators that need a pass over all ratings; made by a job and kept."""

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.models.campaigns import Campaign
from annotation_app.models.jobs import Job


class RaterStudy(models.Model):
    """Facet model, halo, drift and straight-lining of a campaign's annotators at a moment."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="rater_studies")
    figures = models.JSONField(help_text="see services.raters: dimensions, raters by user id")
    rating_count = models.PositiveIntegerField(help_text="counted ratings it looked at")
    seconds = models.FloatField(help_text="how long it took")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        get_latest_by = "created_at"

    @override
    def __str__(self) -> str:
        return f"{self.campaign} {self.created_at:%Y-%m-%d %H:%M}"
