"""A reviewer's word on a disputed score."""

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.models.campaigns import CampaignItem
from annotation_app.models.collections import Candidate
from annotation_app.models.rubrics import Dimension


class Adjudication(models.Model):
    """The decided level of a candidate on a dimension; it outranks every rating."""

    campaign_item = models.ForeignKey(
        CampaignItem, on_delete=models.CASCADE, related_name="adjudications"
    )
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="adjudications"
    )
    note = models.TextField(blank=True)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_item", "candidate", "dimension"], name="adjudication_once"
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.candidate_id} {self.level}"
