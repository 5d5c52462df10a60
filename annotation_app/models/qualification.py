"""Attempts at a campaign's qualification test."""

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.enums import AttemptResult
from annotation_app.models.campaigns import Campaign
from annotation_app.models.gold import GoldItem
from annotation_app.models.rubrics import GuidelineVersion
from annotation_app.models.tasks import Task


class QualificationAttempt(models.Model):
    """One try at the test: which items, under which guideline, and how it ended.

    `figures` maps a dimension to its statistics. An override passes without a test, for a reason.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="attempts")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attempts"
    )
    number = models.PositiveSmallIntegerField(help_text="from 1 in this campaign")
    guideline = models.ForeignKey(GuidelineVersion, on_delete=models.PROTECT, related_name="+")
    seed = models.BigIntegerField(help_text="of the draw of its items")
    result = models.CharField(max_length=10, choices=AttemptResult, default=AttemptResult.RUNNING)
    figures = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text="of an override")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["campaign", "annotator", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "annotator", "number"], name="attempt_number_once"
            ),
            models.UniqueConstraint(
                fields=["campaign", "annotator"],
                condition=models.Q(result=AttemptResult.RUNNING),
                name="one_running_attempt",
            ),
            models.CheckConstraint(
                condition=models.Q(result=AttemptResult.RUNNING, ended_at__isnull=True)
                | ~models.Q(result=AttemptResult.RUNNING) & models.Q(ended_at__isnull=False),
                name="ended_attempt_has_result",
            ),
            models.CheckConstraint(
                condition=~models.Q(result=AttemptResult.OVERRIDDEN) | ~models.Q(reason=""),
                name="override_has_reason",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"attempt {self.number} {self.result}"


class AttemptItem(models.Model):
    """A gold item of an attempt and the slot in which it is rated."""

    attempt = models.ForeignKey(
        QualificationAttempt, on_delete=models.CASCADE, related_name="items"
    )
    gold_item = models.ForeignKey(GoldItem, on_delete=models.PROTECT, related_name="+")
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="attempt_item")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "gold_item"], name="attempt_item_once")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.gold_item_id}"
