"""Campaigns, who takes part in them, and how their work is spread."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from typing_extensions import override

from annotation_app.enums import (
    CampaignState,
    MembershipStatus,
    PriorityStrategy,
    Role,
    SamplingStrategy,
)
from annotation_app.models.collections import Candidate, Collection, Item
from annotation_app.models.rubrics import GuidelineVersion, Rubric

SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


class Campaign(models.Model):
    """One data collection over a collection."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=200, unique=True)
    description = models.TextField(blank=True)
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="campaigns")
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="campaigns")
    guideline = models.ForeignKey(
        GuidelineVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="current_of",
        help_text="the version that new tasks pin",
    )
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.ACTIVE)
    seed = models.BigIntegerField(help_text="of every random choice of this campaign")
    sampling = models.CharField(
        max_length=10, choices=SamplingStrategy, default=SamplingStrategy.UNIFORM
    )
    candidates_per_item = models.PositiveSmallIntegerField(default=7, help_text="k of n")
    reserved_share = models.FloatField(
        default=0.25, validators=SHARE, help_text="share of items no model may order"
    )
    reserved_task_share = models.FloatField(
        default=0.25,
        validators=SHARE,
        help_text="of the planned slots, those in the reserved lane: what is served keeps step",
    )
    priority_strategy = models.CharField(
        max_length=10, choices=PriorityStrategy, default=PriorityStrategy.RANDOM
    )
    agreement_gate = models.JSONField(
        default=dict, blank=True, help_text="dimension to the lowest acceptable ordinal alpha"
    )
    shows_others_after_close = models.BooleanField(default=False)
    gives_feedback = models.BooleanField(default=False)
    time_zone = models.CharField(
        max_length=64, blank=True, help_text="where its days begin; empty: the installation's"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(candidates_per_item__gte=1), name="campaign_draws_candidates"
            ),
            models.CheckConstraint(
                condition=models.Q(reserved_share__gte=0, reserved_share__lte=1),
                name="campaign_reserved_share",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class OverlapPlan(models.Model):
    """How many ratings items get; a change is a new numbered plan that only adds slots."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="overlap_plans")
    number = models.PositiveIntegerField()
    base_ratings = models.PositiveSmallIntegerField(default=1, help_text="ratings of every item")
    overlap_share = models.FloatField(
        default=0.05, validators=SHARE, help_text="share of whole items with extra raters"
    )
    overlap_ratings = models.PositiveSmallIntegerField(
        default=3, help_text="ratings of an item in the overlap sample"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["campaign", "number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="overlap_plan_number_once"),
            models.CheckConstraint(
                condition=models.Q(base_ratings__gte=1)
                & models.Q(overlap_ratings__gte=models.F("base_ratings"))
                & models.Q(overlap_share__gte=0, overlap_share__lte=1),
                name="overlap_plan_sensible",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"plan {self.number}"


class Membership(models.Model):
    """A person's role in a campaign."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=Role)
    status = models.CharField(
        max_length=10, choices=MembershipStatus, default=MembershipStatus.ACTIVE
    )
    team = models.CharField(max_length=100, blank=True)
    daily_target = models.PositiveIntegerField(default=120, help_text="items a day")
    daily_cap = models.PositiveIntegerField(null=True, blank=True, help_text="items a day")
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["campaign", "user"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user", "role"], name="role_once")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user} {self.role}"


class Invitation(models.Model):
    """A door into a campaign for one address; only the hash of its token is stored."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role)
    team = models.CharField(max_length=100, blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-created_at"]

    @override
    def __str__(self) -> str:
        return self.email


class CampaignItem(models.Model):
    """An item in a campaign, with the chances by which it and its candidates were drawn."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="campaign_items")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="campaign_items")
    stratum = models.CharField(max_length=200, blank=True)
    in_overlap_sample = models.BooleanField(default=False)
    overlap_probability = models.FloatField(default=0.0, help_text="of being in that sample")
    reserved = models.BooleanField(default=False, help_text="no model may order its tasks")
    draw_fixed_at = models.DateTimeField(null=True, blank=True, help_text="the first lease")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "item"], name="item_once_per_campaign")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.item_id} in {self.campaign_id}"


class DrawnCandidate(models.Model):
    """One of the k candidates of an item that a campaign shows."""

    campaign_item = models.ForeignKey(CampaignItem, on_delete=models.CASCADE, related_name="drawn")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="drawn")
    ordinal = models.PositiveSmallIntegerField(help_text="order of the draw, from 1")
    inclusion_probability = models.FloatField()

    class Meta:
        ordering = ["campaign_item", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_item", "candidate"], name="drawn_candidate_once"
            ),
            models.UniqueConstraint(fields=["campaign_item", "ordinal"], name="drawn_ordinal_once"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.ordinal}"
