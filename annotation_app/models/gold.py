"""The gold bank: items with reference scores, and the lessons made of them."""

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.enums import GoldSource
from annotation_app.models.campaigns import Campaign, CampaignItem
from annotation_app.models.collections import Candidate
from annotation_app.models.rubrics import Dimension


class GoldItem(models.Model):
    """A campaign item whose right scores are known.

    `explanations` maps a dimension to `{criterion: text}`; the key "" is the dimension as a whole.
    """

    campaign_item = models.OneToOneField(
        CampaignItem, on_delete=models.PROTECT, related_name="gold_item"
    )
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="gold_items")
    tolerance = models.PositiveSmallIntegerField(default=1, help_text="levels from the reference")
    explanations = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=12, choices=GoldSource)
    is_active = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    @override
    def __str__(self) -> str:
        return f"gold {self.campaign_item_id}"


class GoldScore(models.Model):
    """The right level of a candidate on a dimension."""

    gold_item = models.ForeignKey(GoldItem, on_delete=models.CASCADE, related_name="scores")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gold_item", "candidate", "dimension"], name="gold_score_once"
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.level}"


class Lesson(models.Model):
    """A step of the training: a few words, then examples to rate."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="lessons")
    ordinal = models.PositiveSmallIntegerField(help_text="place in the training, from 1")
    title = models.CharField(max_length=200)
    introduction = models.TextField(blank=True)

    class Meta:
        ordering = ["campaign", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "ordinal"], name="lesson_ordinal_once")
        ]

    @override
    def __str__(self) -> str:
        return self.title


class LessonExample(models.Model):
    """A gold item that a lesson shows; kept out of tests and hidden checks."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="examples")
    ordinal = models.PositiveSmallIntegerField(help_text="place in the lesson, from 1")
    gold_item = models.OneToOneField(GoldItem, on_delete=models.CASCADE, related_name="example")

    class Meta:
        ordering = ["lesson", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "ordinal"], name="example_ordinal_once")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.lesson_id}.{self.ordinal}"
