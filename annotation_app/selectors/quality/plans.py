"""A campaign's quality rules as the services and statistics read them."""

from dataclasses import fields

from analytics.raters.csp import CspPlan
from analytics.raters.qualification import PassRule
from analytics.raters.sprt import SprtPlan
from annotation_app.models import Campaign, QualityPlan

RULE_FIELDS = tuple(field.name for field in fields(PassRule))


def quality_plan(campaign: Campaign) -> QualityPlan:
    """The campaign's plan; an unsaved default, with every check off, where none is stored."""
    found = QualityPlan.objects.filter(campaign=campaign).first()
    return found or QualityPlan(campaign=campaign)


def pass_rule(plan: QualityPlan, dimension: str) -> PassRule:
    """What a dimension of an attempt must reach."""
    stored = plan.pass_rule.get(dimension, {})
    return PassRule(**{name: float(stored[name]) for name in RULE_FIELDS if name in stored})


def gold_test(plan: QualityPlan) -> SprtPlan:
    """The sequential test on gold answers."""
    return SprtPlan(
        good=plan.good_accuracy,
        bad=plan.bad_accuracy,
        false_alarm=plan.false_alarm,
        miss=plan.miss,
    )


def cross_check_plan(plan: QualityPlan) -> CspPlan:
    """The continuous sampling plan."""
    return CspPlan(plan.csp_clearance, plan.csp_fraction)
