"""Multi-way benchmarks: hard, cross-checked groups of candidates, published once."""

import uuid

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.enums import BuildState
from annotation_app.models.campaigns import Campaign
from annotation_app.models.datasets import Snapshot
from annotation_app.models.external_sets import ExternalSet
from annotation_app.models.jobs import Job


class Benchmark(models.Model):
    """A built benchmark: a pure function of (snapshot, plan, seed)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="benchmarks")
    number = models.PositiveIntegerField()
    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, related_name="benchmarks"
    )
    plan = models.JSONField(help_text="groups of each K, share of ties, raters")
    seed = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=BuildState, default=BuildState.BUILDING)
    groups = models.JSONField(default=list, blank=True, help_text="candidates and order of each")
    folder = models.CharField(max_length=300, blank=True, help_text="below the export root")
    manifest = models.JSONField(default=dict, blank=True)
    external_set = models.ForeignKey(
        ExternalSet,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="keeps the benchmark's images out of later training data",
    )
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="benchmark_number_once")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.campaign} benchmark {self.number}"
