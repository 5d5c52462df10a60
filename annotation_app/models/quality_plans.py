"""The quality rules of a campaign, as data."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from typing_extensions import override

from annotation_app.enums import RuleAction
from annotation_app.models.campaigns import SHARE, Campaign

POSITIVE = [MinValueValidator(1)]


class QualityPlan(models.Model):
    """Training, qualification, hidden checks, cross-checks and disputes of one campaign.

    `pass_rule` maps a dimension to `{"kappa", "kappa_low", "within_one", "within_one_low"}`, the
    least values and least lower bounds of an attempt; a missing dimension takes the defaults.
    A rule whose figure is zero or empty is off.
    """

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, related_name="quality_plan", primary_key=True
    )
    training_required = models.BooleanField(default=False)
    qualification_required = models.BooleanField(default=False)
    attempt_items = models.PositiveSmallIntegerField(default=5, validators=POSITIVE)
    pass_rule = models.JSONField(default=dict, blank=True)
    most_attempts = models.PositiveSmallIntegerField(default=3, validators=POSITIVE)
    wait_hours = models.FloatField(default=24.0, validators=[MinValueValidator(0.0)])
    absence_days = models.PositiveSmallIntegerField(
        default=30, help_text="qualify again after so long without work; 0: never"
    )
    again_after_guideline = models.BooleanField(
        default=True, help_text="qualify again when the guideline changes"
    )

    gold_share = models.FloatField(default=0.0, validators=SHARE)
    repeat_share = models.FloatField(default=0.0, validators=SHARE)
    repeat_after_days = models.FloatField(default=7.0, validators=[MinValueValidator(0.0)])
    gold_within_share = models.FloatField(
        default=0.85, validators=SHARE, help_text="of an item's scores, to pass as gold"
    )
    good_accuracy = models.FloatField(default=0.9, validators=SHARE)
    bad_accuracy = models.FloatField(default=0.7, validators=SHARE)
    false_alarm = models.FloatField(default=0.01, validators=SHARE)
    miss = models.FloatField(default=0.05, validators=SHARE)
    rerate_days = models.PositiveSmallIntegerField(
        default=7, help_text="of work rated again after a pause by gold or drift; 0: none"
    )

    csp_enabled = models.BooleanField(default=False)
    csp_clearance = models.PositiveSmallIntegerField(default=20, validators=POSITIVE)
    csp_fraction = models.FloatField(
        default=0.1, validators=[MinValueValidator(0.001), MaxValueValidator(1.0)]
    )
    csp_within_share = models.FloatField(
        default=0.85, validators=SHARE, help_text="of an item's scores, at most one level apart"
    )

    fast_least_seconds = models.FloatField(
        default=3.0, validators=[MinValueValidator(0.0)], help_text="an item takes at least"
    )
    fast_notice = models.PositiveSmallIntegerField(default=5, help_text="in a row; 0: off")
    fast_pause = models.PositiveSmallIntegerField(default=10, help_text="in a row; 0: off")
    fast_share = models.FloatField(
        default=0.15,
        validators=SHARE,
        help_text="of fast answers that is too much, whatever their order; 0: off",
    )
    skip_notice = models.PositiveSmallIntegerField(default=5, help_text="in a row; 0: off")
    skip_pause = models.PositiveSmallIntegerField(default=10, help_text="in a row; 0: off")

    straight_notice = models.PositiveSmallIntegerField(
        default=4, help_text="items in a row with the same scores for all candidates; 0: off"
    )
    straight_pause = models.PositiveSmallIntegerField(default=8, help_text="in a row; 0: off")
    drift_action = models.CharField(max_length=10, choices=RuleAction, default=RuleAction.PAUSE)
    drift_run_length = models.PositiveIntegerField(
        default=20_000,
        validators=[MinValueValidator(100)],
        help_text="items with overlap between two false alarms on a steady annotator",
    )

    dispute_range = models.PositiveSmallIntegerField(
        default=2, help_text="levels apart on a dimension; 0: off"
    )
    dispute_gap = models.FloatField(
        default=2.0, help_text="opposite preferences by so much of the overall; 0: off"
    )
    dispute_entropy = models.FloatField(
        default=0.0, help_text="bits of the facet model's level; 0: off"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(bad_accuracy__gt=0)
                & models.Q(bad_accuracy__lt=models.F("good_accuracy"))
                & models.Q(good_accuracy__lt=1),
                name="good_gold_beats_bad",
            ),
            models.CheckConstraint(
                condition=models.Q(gold_share__gte=0)
                & models.Q(repeat_share__gte=0)
                & models.Q(gold_share__lte=1 - models.F("repeat_share")),
                name="hidden_shares_fit",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"quality of {self.campaign_id}"


class QualityCursor(models.Model):
    """How far the background checks of a campaign have read; written by their task alone."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    read_until = models.DateTimeField(null=True, blank=True)
    entropy_at = models.DateTimeField(null=True, blank=True, help_text="last facet fit")
    drift_at = models.DateTimeField(null=True, blank=True, help_text="last look for drift")

    @override
    def __str__(self) -> str:
        return f"{self.read_until}"
