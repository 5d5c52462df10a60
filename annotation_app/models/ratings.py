"""Ratings, their revisions and scores; what a rating changes for the live figures."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from annotation_app.enums import MissingReason, Purpose, RatingStatus, RevisionCause
from annotation_app.models.campaigns import Campaign, CampaignItem
from annotation_app.models.collections import Candidate
from annotation_app.models.rubrics import Dimension, GuidelineVersion
from annotation_app.models.tasks import Lease, Task


class Rating(models.Model):
    """One annotator's judgement of a task.

    `independent` copies whether the task's purpose demands different annotators, so that the
    database itself refuses a second counted rating of an item by the same person.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="ratings")
    lease = models.ForeignKey(Lease, on_delete=models.PROTECT, null=True, related_name="ratings")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="ratings")
    campaign_item = models.ForeignKey(
        CampaignItem, on_delete=models.PROTECT, related_name="ratings"
    )
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ratings"
    )
    purpose = models.CharField(max_length=14, choices=Purpose)
    independent = models.BooleanField()
    status = models.CharField(max_length=10, choices=RatingStatus, default=RatingStatus.ACTIVE)
    client_uuid = models.UUIDField(
        default=uuid.uuid4, unique=True, help_text="of the first submit; makes it idempotent"
    )
    guideline = models.ForeignKey(GuidelineVersion, on_delete=models.PROTECT, related_name="+")
    current_revision = models.OneToOneField(
        "annotation_app.RatingRevision",
        on_delete=models.PROTECT,
        null=True,
        related_name="current_of",
    )
    candidate_order = ArrayField(models.BigIntegerField(), help_text="order on screen")
    submitted_at = models.DateTimeField()
    open_until = models.DateTimeField(help_text="until then its author may change it")
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text="feedback, discussion, adjudication or a snapshot used it"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"],
                condition=models.Q(status=RatingStatus.ACTIVE),
                name="one_active_rating_per_slot",
            ),
            models.UniqueConstraint(
                fields=["task", "annotator"],
                condition=~models.Q(status=RatingStatus.RELEASED),
                name="one_rating_per_task_and_annotator",
            ),
            models.UniqueConstraint(
                fields=["annotator", "campaign_item"],
                condition=models.Q(status=RatingStatus.ACTIVE, independent=True),
                name="independent_ratings_by_different_annotators",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "submitted_at"], name="rating_by_time"),
            models.Index(fields=["annotator", "submitted_at"], name="rating_by_annotator"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.client_uuid}"


class RatingRevision(models.Model):
    """The contents of a rating at one time; appended, never changed."""

    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(help_text="from 1")
    client_uuid = models.UUIDField(unique=True, help_text="of the request; makes it idempotent")
    cause = models.CharField(max_length=10, choices=RevisionCause)
    seconds = models.FloatField(help_text="active time on the item, idle excluded")
    aids = models.JSONField(default=dict, help_text="inspection aids used, by candidate")
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rating", "number"], name="revision_number_once"),
            models.CheckConstraint(
                condition=models.Q(seconds__gte=0), name="revision_seconds_not_negative"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.rating_id} r{self.number}"


class Score(models.Model):
    """A level for a candidate on a dimension, or the reason why there is none."""

    revision = models.ForeignKey(RatingRevision, on_delete=models.CASCADE, related_name="scores")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="scores")
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="scores")
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    missing_reason = models.CharField(max_length=20, choices=MissingReason, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "candidate", "dimension"], name="score_once_per_revision"
            ),
            models.CheckConstraint(
                condition=models.Q(level__isnull=False, missing_reason="")
                | models.Q(level__isnull=True) & ~models.Q(missing_reason=""),
                name="score_is_level_or_reason",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.level or self.missing_reason}"


class CampaignItemChange(models.Model):
    """A note that an item's counted ratings changed: inserted by submits, folded by a task."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    campaign_item = models.ForeignKey(CampaignItem, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["campaign", "id"], name="change_by_campaign")]

    @override
    def __str__(self) -> str:
        return f"{self.campaign_item_id}"
