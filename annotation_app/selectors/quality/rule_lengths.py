"""What theory says of a campaign's rules: how rarely they trouble good work, how soon they act."""

import math
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analytics.raters.cusum import plan_for
from analytics.raters.run_lengths import expected_until_run
from analytics.raters.speed import TOLERATED, speed_test
from analytics.raters.sprt import SprtPlan
from annotation_app.enums import RuleAction
from annotation_app.models import QualityPlan
from annotation_app.selectors.quality.plans import gold_test

# What "good" and "careless" mean where the plan itself does not say it.
SKIPS = (0.05, 0.8)
FLAT = (0.05, 0.95)
FAST_IN_A_ROW = (TOLERATED, 0.9)
MOST = 1e7  # tasks; more than anyone rates
SHIFT = 1.0  # standard deviations of a residual


@dataclass(frozen=True)
class RuleLength:
    """One rule.

    Attributes:
        name: what it watches.
        good: the good work that the figures assume.
        between: of such work between two false alarms on average; infinite for never.
        careless: the work that the rule is made for.
        until: of such work until the rule triggers, on average.
        unit: what is counted.
    """

    name: str | Promise
    good: str | Promise
    between: float
    careless: str | Promise
    until: float
    unit: str | Promise

    @property
    def never(self) -> bool:
        """Whether a false alarm comes less than once in ten million."""
        return self.between > MOST

    @property
    def speaks(self) -> bool:
        """Whether the rule triggers while anyone still rates."""
        return self.until <= MOST


def rule_lengths(plan: QualityPlan, dimensions: int) -> list[RuleLength]:
    """The rules that are on, each with its expected lengths."""
    return [
        *([_gold(plan)] if plan.gold_share else []),
        *([_fast_share(plan)] if plan.fast_share else []),
        *_runs(plan),
        *([_drift(plan, dimensions)] if plan.drift_action != RuleAction.OFF else []),
    ]


def answers_between_false_alarms(test: SprtPlan, accuracy: float) -> float:
    """Answers between two false alarms of a test that restarts after each `GOOD`."""
    paused = test.pause_probability(accuracy)
    return test.expected_answers(accuracy) / paused if paused else math.inf


def _gold(plan: QualityPlan) -> RuleLength:
    test = gold_test(plan)
    return RuleLength(
        name=_("Hidden gold"),
        good=_share(_("{share} right"), test.good),
        between=answers_between_false_alarms(test, test.good) / plan.gold_share,
        careless=_share(_("{share} right"), test.bad),
        until=test.expected_answers(test.bad) / plan.gold_share,
        unit=_("tasks"),
    )


def _fast_share(plan: QualityPlan) -> RuleLength:
    test = speed_test(plan.fast_share)
    return RuleLength(
        name=_("Share of fast answers: notice"),
        good=_share(_("{share} fast"), TOLERATED),
        between=answers_between_false_alarms(test, 1 - TOLERATED),
        careless=_share(_("{share} fast"), plan.fast_share),
        until=test.expected_answers(1 - plan.fast_share),
        unit=_("tasks"),
    )


def _runs(plan: QualityPlan) -> list[RuleLength]:
    rules = (
        (_("Fast answers in a row: notice"), plan.fast_notice, FAST_IN_A_ROW, _("{share} fast")),
        (_("Fast answers in a row: pause"), plan.fast_pause, FAST_IN_A_ROW, _("{share} fast")),
        (_("Skips in a row: notice"), plan.skip_notice, SKIPS, _("{share} skipped")),
        (_("Skips in a row: pause"), plan.skip_pause, SKIPS, _("{share} skipped")),
        (_("Flat items in a row: notice"), plan.straight_notice, FLAT, _("{share} flat")),
        (_("Flat items in a row: pause"), plan.straight_pause, FLAT, _("{share} flat")),
    )
    return [
        RuleLength(
            name=name,
            good=_share(words, good),
            between=expected_until_run(good, length),
            careless=_share(words, careless),
            until=expected_until_run(careless, length),
            unit=_("tasks"),
        )
        for name, length, (good, careless), words in rules
        if length
    ]


def _drift(plan: QualityPlan, dimensions: int) -> RuleLength:
    rule = plan_for(float(plan.drift_run_length * max(1, dimensions)))
    return RuleLength(
        name=_("Drift"),
        good=_("steady"),
        between=float(plan.drift_run_length),
        careless=_("shifted by one standard deviation of an item's residual"),
        until=rule.average_run_length(SHIFT),
        unit=_("items with overlap"),
    )


def _share(words: str | Promise, value: float) -> str:
    return str(words).format(share=f"{100 * value:.0f} %")
