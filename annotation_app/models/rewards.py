"""Reward model versions and what they predict."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from annotation_app.enums import BuildState, ModelStage
from annotation_app.models.campaigns import Campaign
from annotation_app.models.collections import Candidate
from annotation_app.models.datasets import DatasetVersion
from annotation_app.models.jobs import Job
from annotation_app.models.rubrics import Rubric


class RewardModelVersion(models.Model):
    """A trained reward model; immutable once ready."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="models")
    number = models.PositiveIntegerField()
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="+")
    dataset = models.ForeignKey(
        DatasetVersion, on_delete=models.PROTECT, null=True, related_name="models"
    )
    backbone = models.CharField(max_length=50)
    config = models.JSONField(default=dict)
    metrics = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=BuildState, default=BuildState.BUILDING)
    stage = models.CharField(max_length=10, choices=ModelStage, default=ModelStage.CHALLENGER)
    folder = models.CharField(max_length=300, blank=True, help_text="below the model root")
    weights_sha256 = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="model_number_once"),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=models.Q(stage=ModelStage.CHAMPION),
                name="one_champion_per_campaign",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.campaign} model v{self.number}"


class Prediction(models.Model):
    """Predicted means and standard deviations of a candidate, in the rubric's order of dimensions.

    The table is partitioned by model version; the overall's figures have separate columns because
    an aggregation may not be a sum.
    """

    pk = models.CompositePrimaryKey("model_id", "candidate_id")
    model = models.ForeignKey(
        RewardModelVersion, on_delete=models.CASCADE, related_name="predictions"
    )
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="predictions")
    means = ArrayField(models.FloatField())
    deviations = ArrayField(models.FloatField())
    overall_mean = models.FloatField()
    overall_deviation = models.FloatField()
    epistemic = models.FloatField(null=True, help_text="standard deviation over the ensemble")

    @override
    def __str__(self) -> str:
        return f"{self.candidate_id}: {self.overall_mean:.3f}"
