"""The state of CSP-1 for each annotator."""

from collections import defaultdict

from analytics.raters import csp
from analytics.raters.csp import CspState
from annotation_app.models import CrossCheckDraw, QualityPlan
from annotation_app.selectors.quality.plans import cross_check_plan


def csp_states(*, plan: QualityPlan, annotators: set[int]) -> dict[int, CspState]:
    """Each annotator's state: the decided checks in the order of the work."""
    rule, states = cross_check_plan(plan), defaultdict[int, CspState](CspState)
    rows = CrossCheckDraw.objects.filter(
        campaign=plan.campaign, annotator__in=annotators, passed__isnull=False
    ).order_by("rated_at", "pk")
    for annotator, passed in rows.values_list("annotator", "passed"):
        states[annotator] = csp.advance(states[annotator], rule, passed=bool(passed))
    return dict(states)
