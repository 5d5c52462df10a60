"""The quality rules of a campaign, as data."""

from collections.abc import Mapping

from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.db import models
from typing_extensions import override

from annotation_app.enums import RuleAction
from annotation_app.models.campaigns import SHARE, Campaign

# The least and the most of each figure: beyond them rules never speak, or dates have no name.
BOUNDS: Mapping[str, tuple[float, float]] = {
    "attempt_items": (1, 1000),
    "most_attempts": (1, 1000),
    "wait_hours": (0.0, 8784.0),  # a leap year
    "absence_days": (0, 3660),
    "repeat_after_days": (0.0, 3660.0),
    "good_accuracy": (0.001, 0.999),
    "bad_accuracy": (0.001, 0.999),
    "false_alarm": (0.000001, 0.5),
    "miss": (0.000001, 0.5),
    "rerate_days": (0, 3660),
    "csp_clearance": (1, 1000),
    "csp_fraction": (0.001, 1.0),
    "fast_least_seconds": (0.0, 3600.0),
    "fast_notice": (0, 1000),
    "fast_pause": (0, 1000),
    "skip_notice": (0, 1000),
    "skip_pause": (0, 1000),
    "straight_notice": (0, 1000),
    "straight_pause": (0, 1000),
    "drift_run_length": (100, 10_000_000),
    "dispute_range": (0, 1000),
    "dispute_gap": (0.0, 1000.0),
    "dispute_entropy": (0.0, 10.0),
}


def bounded(name: str) -> list[BaseValidator]:
    """The validators of a figure's bounds."""
    least, most = BOUNDS[name]
    return [MinValueValidator(least), MaxValueValidator(most)]


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
    attempt_items = models.PositiveSmallIntegerField(default=5, validators=bounded("attempt_items"))
    pass_rule = models.JSONField(default=dict, blank=True)
    most_attempts = models.PositiveSmallIntegerField(default=3, validators=bounded("most_attempts"))
    wait_hours = models.FloatField(default=24.0, validators=bounded("wait_hours"))
    absence_days = models.PositiveSmallIntegerField(
        default=30,
        validators=bounded("absence_days"),
        help_text="qualify again after so long without work; 0: never",
    )
    again_after_guideline = models.BooleanField(
        default=True, help_text="qualify again when the guideline changes"
    )

    gold_share = models.FloatField(default=0.0, validators=SHARE)
    repeat_share = models.FloatField(default=0.0, validators=SHARE)
    repeat_after_days = models.FloatField(default=7.0, validators=bounded("repeat_after_days"))
    gold_within_share = models.FloatField(
        default=0.85, validators=SHARE, help_text="of an item's scores, to pass as gold"
    )
    good_accuracy = models.FloatField(default=0.9, validators=bounded("good_accuracy"))
    bad_accuracy = models.FloatField(default=0.7, validators=bounded("bad_accuracy"))
    false_alarm = models.FloatField(default=0.01, validators=bounded("false_alarm"))
    miss = models.FloatField(default=0.05, validators=bounded("miss"))
    rerate_days = models.PositiveSmallIntegerField(
        default=7,
        validators=bounded("rerate_days"),
        help_text="of work rated again after a pause by gold or drift; 0: none",
    )

    csp_enabled = models.BooleanField(default=False)
    csp_clearance = models.PositiveSmallIntegerField(
        default=20, validators=bounded("csp_clearance")
    )
    csp_fraction = models.FloatField(
        default=0.1,
        validators=bounded("csp_fraction"),
    )
    csp_within_share = models.FloatField(
        default=0.85, validators=SHARE, help_text="of an item's scores, at most one level apart"
    )

    fast_least_seconds = models.FloatField(
        default=3.0, validators=bounded("fast_least_seconds"), help_text="an item takes at least"
    )
    fast_notice = models.PositiveSmallIntegerField(
        default=5, validators=bounded("fast_notice"), help_text="in a row; 0: off"
    )
    fast_pause = models.PositiveSmallIntegerField(
        default=10, validators=bounded("fast_pause"), help_text="in a row; 0: off"
    )
    fast_share = models.FloatField(
        default=0.15,
        validators=SHARE,
        help_text="of fast answers that is too much, whatever their order; 0: off",
    )
    skip_notice = models.PositiveSmallIntegerField(
        default=5, validators=bounded("skip_notice"), help_text="in a row; 0: off"
    )
    skip_pause = models.PositiveSmallIntegerField(
        default=10, validators=bounded("skip_pause"), help_text="in a row; 0: off"
    )

    straight_notice = models.PositiveSmallIntegerField(
        default=4,
        validators=bounded("straight_notice"),
        help_text="items in a row with the same scores for all candidates; 0: off",
    )
    straight_pause = models.PositiveSmallIntegerField(
        default=8, validators=bounded("straight_pause"), help_text="in a row; 0: off"
    )
    drift_action = models.CharField(max_length=10, choices=RuleAction, default=RuleAction.PAUSE)
    drift_run_length = models.PositiveIntegerField(
        default=20_000,
        validators=bounded("drift_run_length"),
        help_text="items with overlap between two false alarms on a steady annotator",
    )

    dispute_range = models.PositiveSmallIntegerField(
        default=2,
        validators=bounded("dispute_range"),
        help_text="levels apart on a dimension; 0: off",
    )
    dispute_gap = models.FloatField(
        default=2.0,
        validators=bounded("dispute_gap"),
        help_text="opposite preferences by so much of the overall; 0: off",
    )
    dispute_entropy = models.FloatField(
        default=0.0,
        validators=bounded("dispute_entropy"),
        help_text="bits of the facet model's level; 0: off",
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
            models.CheckConstraint(
                condition=models.Q(
                    *(models.Q(**{f"{name}__range": bounds}) for name, bounds in BOUNDS.items())
                ),
                name="quality_figures_in_bounds",
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
