"""The raters' joint ranking check of a benchmark: one row per group and rater."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from annotation_app.models.benchmarks import Benchmark


class JointRanking(models.Model):
    """A rater's order of a group: implied by their scores, then confirmed or corrected.

    Ranks are dense from 0 (best), by the candidate's place in the group. `shown` lists those places
    in the random order on this rater's screen. `token` identifies the work and reveals no
    information.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    benchmark = models.ForeignKey(
        Benchmark, on_delete=models.CASCADE, related_name="joint_rankings"
    )
    group_id = models.CharField(max_length=60)
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="joint_rankings"
    )
    shown = ArrayField(models.PositiveSmallIntegerField())
    implied = ArrayField(models.PositiveSmallIntegerField())
    ranks = ArrayField(models.PositiveSmallIntegerField(), null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["benchmark", "group_id", "rater"], name="joint_ranking_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ranks__isnull=True, decided_at__isnull=True)
                | models.Q(ranks__isnull=False, decided_at__isnull=False),
                name="joint_ranking_decided_with_ranks",
            ),
        ]
        indexes = [
            models.Index(
                fields=["rater", "id"],
                condition=models.Q(decided_at__isnull=True),
                name="joint_ranking_waiting",
            )
        ]

    @override
    def __str__(self) -> str:
        return str(self.token)
