"""Tasks (slots for one rating of one campaign item) and the leases on them."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from annotation_app.enums import (
    Design,
    FlagKind,
    FlagOutcome,
    FlagSource,
    Lane,
    LeaseOutcome,
    PriorityStrategy,
    Purpose,
    TaskState,
)
from annotation_app.models.campaigns import Campaign, CampaignItem
from annotation_app.models.collections import Item
from annotation_app.models.rubrics import GuidelineVersion, Rubric


class Task(models.Model):
    """One slot: at most one active rating fills it. Higher priority is served first."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="tasks")
    campaign_item = models.ForeignKey(CampaignItem, on_delete=models.CASCADE, related_name="tasks")
    purpose = models.CharField(max_length=14, choices=Purpose, default=Purpose.PRODUCTION)
    ordinal = models.PositiveSmallIntegerField(help_text="which of the item's slots, from 1")
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="+")
    guideline = models.ForeignKey(GuidelineVersion, on_delete=models.PROTECT, related_name="tasks")
    design = models.CharField(max_length=14, choices=Design, default=Design.RANDOM)
    inclusion_probability = models.FloatField(
        null=True, help_text="of the slot under its design; unknown for active ordering"
    )
    lane = models.CharField(max_length=10, choices=Lane, default=Lane.RANKED)
    priority = models.FloatField(default=0.0)
    priority_strategy = models.CharField(
        max_length=10, choices=PriorityStrategy, default=PriorityStrategy.RANDOM
    )
    priority_model = models.ForeignKey(
        "annotation_app.RewardModelVersion", on_delete=models.PROTECT, null=True, blank=True
    )
    state = models.CharField(max_length=8, choices=TaskState, default=TaskState.OPEN)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="only this annotator may take it (repeats, training); empty for anyone",
    )
    returned_at = models.DateTimeField(
        null=True, blank=True, help_text="when it last came back unfilled; empty: never leased"
    )
    # Of a hidden check: the way back of the work whose place it took, which it must imitate.
    stands_for = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    taken_by = models.ForeignKey(
        "Lease",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        help_text="the lease whose holder would have been served it, were it work for anyone",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_item", "purpose", "ordinal"], name="slot_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state=TaskState.LEASED, lease_expires_at__isnull=False)
                | ~models.Q(state=TaskState.LEASED) & models.Q(lease_expires_at__isnull=True),
                name="leased_task_expires",
            ),
        ]
        indexes = [
            # the queue, read backwards: the next open slots of a campaign, best first
            models.Index(
                fields=["campaign", "lane", "priority", "id"],
                condition=models.Q(state=TaskState.OPEN, assigned_to=None),
                name="task_queue",
            ),
            # open slots that came back: an annotator's cursor may have passed them
            models.Index(
                fields=["campaign", "returned_at"],
                condition=models.Q(
                    state=TaskState.OPEN, assigned_to=None, returned_at__isnull=False
                ),
                name="task_returned",
            ),
            # hidden checks that came back, for whoever would have been served them
            models.Index(
                fields=["campaign", "returned_at"],
                condition=models.Q(
                    state=TaskState.OPEN, assigned_to__isnull=False, returned_at__isnull=False
                ),
                name="task_given_back",
            ),
            models.Index(
                fields=["stands_for"],
                condition=models.Q(stands_for__isnull=False),
                name="task_stands_for",
            ),
            models.Index(
                fields=["taken_by"],
                condition=models.Q(taken_by__isnull=False),
                name="task_taken_by",
            ),
            # open slots that wait for one person
            models.Index(
                fields=["assigned_to", "campaign", "priority", "id"],
                condition=models.Q(state=TaskState.OPEN, assigned_to__isnull=False),
                name="task_assigned",
            ),
            # slots whose holder let the lease run out
            models.Index(
                fields=["campaign", "lease_expires_at"],
                condition=models.Q(state=TaskState.LEASED),
                name="task_expiry",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.purpose} {self.ordinal}"


class Lease(models.Model):
    """An annotator's hold on a task: how it is shown to them, and their unsent work.

    `token` identifies the work in URLs and reveals no information. `candidate_order` lists
    candidate ids in the random order on screen. `draft` keeps the scores given so far and survives
    expiry. `slot` numbers an annotator's open leases, so that the database itself caps them.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="leases")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leases"
    )
    slot = models.PositiveSmallIntegerField()
    candidate_order = ArrayField(models.BigIntegerField())
    leased_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=LeaseOutcome, blank=True)
    skip_reason = models.CharField(max_length=500, blank=True)
    draft = models.JSONField(default=dict, blank=True)
    draft_number = models.PositiveIntegerField(default=0, help_text="rises with each saved draft")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "annotator"], name="lease_once_per_annotator"),
            models.UniqueConstraint(
                fields=["task"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_lease_per_task",
            ),
            models.UniqueConstraint(
                fields=["annotator", "slot"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_lease_per_slot",
            ),
            models.CheckConstraint(
                condition=models.Q(slot__gte=1, slot__lte=settings.LEASES_PER_ANNOTATOR),
                name="lease_slot_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, outcome="")
                | models.Q(ended_at__isnull=False) & ~models.Q(outcome=""),
                name="ended_lease_has_outcome",
            ),
        ]
        indexes = [
            # work that an annotator began and let run out: offered to them again
            models.Index(
                fields=["annotator"],
                condition=models.Q(outcome=LeaseOutcome.EXPIRED),
                name="lease_unfinished",
            ),
        ]

    @override
    def __str__(self) -> str:
        return str(self.token)


class Flag(models.Model):
    """A report that something about an item needs a person's attention.

    Raised by an annotator about the current task, or by the screening at import, without a task.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="flags")
    task = models.ForeignKey(
        Task, on_delete=models.CASCADE, null=True, blank=True, related_name="flags"
    )
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="flags",
    )
    source = models.CharField(max_length=10, choices=FlagSource, default=FlagSource.ANNOTATOR)
    kind = models.CharField(max_length=14, choices=FlagKind)
    note = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=FlagOutcome, blank=True)
    resolution = models.CharField(max_length=1000, blank=True, help_text="the resolver's words")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["task", "annotator", "kind"], name="flag_once"),
            models.UniqueConstraint(
                fields=["item", "kind"],
                condition=models.Q(source=FlagSource.IMPORT),
                name="import_flag_once",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.kind
