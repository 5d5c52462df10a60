"""Multi-way benchmarks: hard, cross-checked groups of candidates, checked and published once."""

import uuid

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.enums import BenchmarkStage, BuildState
from annotation_app.models.campaigns import Campaign
from annotation_app.models.datasets import Snapshot
from annotation_app.models.external_sets import ExternalSet
from annotation_app.models.jobs import Job


class Benchmark(models.Model):
    """A built benchmark: a pure function of (snapshot, plan, seed, the raters' joint rankings).

    `groups` contains every group, including those for calibrating a tie threshold. The files exist
    once it is published.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="benchmarks")
    number = models.PositiveIntegerField()
    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, related_name="benchmarks"
    )
    plan = models.JSONField(help_text="groups of each K, share of ties, raters")
    seed = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=BuildState, default=BuildState.BUILDING)
    stage = models.CharField(max_length=10, choices=BenchmarkStage, default=BenchmarkStage.CHECKING)
    groups = models.JSONField(default=list, blank=True, help_text="candidates and order of each")
    facts = models.JSONField(default=dict, blank=True, help_text="what was eligible, and what not")
    folder = models.CharField(max_length=300, blank=True, help_text="below the export root")
    manifest = models.JSONField(default=dict, blank=True)
    board = models.JSONField(default=dict, blank=True, help_text="the judges' leaderboard")
    external_set = models.ForeignKey(
        ExternalSet,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="keeps the benchmark's images out of later training data",
    )
    override_reason = models.CharField(
        max_length=500, blank=True, help_text="why it was published before all raters had ranked"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="benchmark_number_once"),
            models.CheckConstraint(
                condition=~models.Q(stage=BenchmarkStage.PUBLISHED)
                | models.Q(published_at__isnull=False),
                name="published_benchmark_has_a_date",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.campaign} benchmark {self.number}"
