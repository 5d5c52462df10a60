"""Frozen agreement reports."""

import uuid

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.models.campaigns import Campaign
from annotation_app.models.jobs import Job


class AgreementReport(models.Model):
    """Agreement as it was measured at a moment: citable, never recomputed in place."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="reports")
    figures = models.JSONField(help_text="strata to dimensions to coefficients")
    strata = models.JSONField(
        default=dict, blank=True, help_text="kind of stratum to name to dimension to coefficients"
    )
    facts = models.JSONField(
        default=dict,
        blank=True,
        help_text="campaign, rubric, guidelines, differences and bootstrap as of then",
    )
    method = models.JSONField(help_text="design, interval, library versions")
    digest = models.CharField(
        max_length=64, blank=True, help_text="sha256 of the frozen document; empty in old reports"
    )
    problems = models.JSONField(
        default=dict, help_text="what another process needs to recompute the figures"
    )
    strata_problems = models.JSONField(
        default=dict, blank=True, help_text="the same by kind of stratum and name"
    )
    verification = models.JSONField(
        default=dict, blank=True, help_text="figures compared, mismatches, reference packages"
    )
    rating_count = models.PositiveIntegerField()
    largest_difference = models.FloatField(
        null=True, blank=True, help_text="from the reference packages, when verified"
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    @override
    def __str__(self) -> str:
        return f"{self.campaign} {self.created_at:%Y-%m-%d %H:%M}"
