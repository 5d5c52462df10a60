"""Findings of the background checks about single ratings, inserted by their task."""

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.enums import CheckKind
from annotation_app.models.campaigns import Campaign
from annotation_app.models.ratings import Rating, RatingRevision
from annotation_app.models.tasks import Task


class Check(models.Model):
    """The outcome of one rating against gold or against its author's earlier self.

    Made from `revision`; a rating changed within its ten minutes is judged again.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="checks")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    rating = models.OneToOneField(Rating, on_delete=models.CASCADE, related_name="check_result")
    revision = models.ForeignKey(RatingRevision, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=CheckKind)
    passed = models.BooleanField()
    within = models.PositiveSmallIntegerField(help_text="scores inside the tolerance")
    compared = models.PositiveSmallIntegerField()
    rated_at = models.DateTimeField(help_text="order of the sequential test")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["campaign", "annotator", "kind", "rated_at"], name="check_order")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.passed}"


class CrossCheckDraw(models.Model):
    """CSP-1's decision on one rating: drawn or not, by which probability, and the outcome.

    `task` is the added slot; empty if another rating of the item serves, or none was drawn.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    rating = models.OneToOneField(Rating, on_delete=models.CASCADE, related_name="cross_check")
    probability = models.FloatField()
    drawn = models.BooleanField()
    task = models.ForeignKey(
        Task, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    passed = models.BooleanField(null=True, blank=True)
    rated_at = models.DateTimeField(help_text="order of the plan")
    decided_at = models.DateTimeField(null=True, blank=True)
    rerated = models.BooleanField(default=False, help_text="a failure beside it had it rated again")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(probability__gt=0, probability__lte=1),
                name="cross_check_probability",
            ),
            models.CheckConstraint(
                condition=models.Q(drawn=True) | models.Q(passed__isnull=True),
                name="only_drawn_work_is_judged",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "annotator", "rated_at"], name="cross_check_order"),
            models.Index(
                fields=["campaign"],
                condition=models.Q(drawn=True, passed__isnull=True),
                name="cross_check_waiting",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.drawn} {self.passed}"
