"""Judges scored on a benchmark: what they predicted and how well."""

import uuid

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.enums import BuildState, JudgeKind
from annotation_app.models.benchmarks import Benchmark
from annotation_app.models.jobs import Job
from annotation_app.models.rewards import RewardModelVersion


class JudgeRun(models.Model):
    """One system's predictions on every group of a benchmark, with its score sheet.

    `predictions` maps a group to scores by place (null where one failed), or to answers per
    shown pair such as `{"A,B": "A>B"}`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    benchmark = models.ForeignKey(Benchmark, on_delete=models.CASCADE, related_name="judge_runs")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=JudgeKind)
    model = models.ForeignKey(
        RewardModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    predictions = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=BuildState, default=BuildState.BUILDING)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["benchmark", "name"], name="judge_name_once")
        ]

    @override
    def __str__(self) -> str:
        return self.name
