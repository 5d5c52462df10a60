"""Snapshots (what was true at a moment) and the dataset versions built from them."""

import uuid

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.enums import BuildState, Provenance, Split
from annotation_app.models.campaigns import Campaign, CampaignItem
from annotation_app.models.collections import Candidate
from annotation_app.models.jobs import Job
from annotation_app.models.ratings import RatingRevision
from annotation_app.models.rubrics import Dimension, GuidelineVersion, Rubric


class Snapshot(models.Model):
    """One REPEATABLE READ view of a campaign, written down for good."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="snapshots")
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="+")
    guideline = models.ForeignKey(GuidelineVersion, on_delete=models.PROTECT, related_name="+")
    rating_count = models.PositiveIntegerField(default=0)
    item_count = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, help_text="sha256 over everything in it")
    is_simulated = models.BooleanField()
    report = models.JSONField(
        default=dict, help_text="how raters were selected; splits and leaks across them; guards"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    @override
    def __str__(self) -> str:
        return f"{self.campaign} {self.created_at:%Y-%m-%d %H:%M}"


class SnapshotItem(models.Model):
    """An item at the time of the snapshot: its split and the facts an export repeats."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="items")
    campaign_item = models.ForeignKey(CampaignItem, on_delete=models.PROTECT, related_name="+")
    split = models.CharField(max_length=12, choices=Split)
    facts = models.JSONField(help_text="instruction, category, source, image and candidate facts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "campaign_item"], name="snapshot_item_once")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.campaign_item_id}"


class SnapshotRating(models.Model):
    """A rating revision that a snapshot counts."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="ratings")
    revision = models.ForeignKey(RatingRevision, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "revision"], name="snapshot_rating_once")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.revision_id}"


class FinalScore(models.Model):
    """The exact score an export uses, a rational number, with its provenance."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="final_scores")
    campaign_item = models.ForeignKey(CampaignItem, on_delete=models.PROTECT, related_name="+")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="+")
    numerator = models.IntegerField()
    denominator = models.PositiveIntegerField()
    provenance = models.CharField(max_length=12, choices=Provenance)
    rating_count = models.PositiveSmallIntegerField()
    facet_thousandths = models.IntegerField(
        null=True, blank=True, help_text="expected level for an average rater × 1000"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "candidate", "dimension"], name="final_score_once"
            ),
            models.CheckConstraint(
                condition=models.Q(denominator__gt=0), name="final_score_denominator_positive"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


class DatasetVersion(models.Model):
    """A built export: a pure function of (snapshot, options, seed)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    snapshot = models.ForeignKey(
        Snapshot,
        on_delete=models.PROTECT,
        null=True,
        related_name="versions",
        help_text="empty until the building job has materialised it",
    )
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="datasets")
    number = models.PositiveIntegerField()
    options = models.JSONField(default=dict)
    seed = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=BuildState, default=BuildState.BUILDING)
    folder = models.CharField(max_length=300, blank=True, help_text="below the export root")
    manifest = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="sha256 of the manifest")
    rebuildable = models.BooleanField(default=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="dataset_number_once")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.campaign} v{self.number}"
