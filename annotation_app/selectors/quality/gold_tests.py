"""How far the sequential test on hidden gold is for each annotator."""

from collections import defaultdict

from analytics.raters import sprt
from analytics.raters.sprt import SprtState
from annotation_app.enums import CheckKind
from annotation_app.models import AnnotatorStatus, Check, QualityPlan
from annotation_app.selectors.quality.plans import gold_test


def gold_states(*, plan: QualityPlan, annotators: set[int]) -> dict[int, SprtState]:
    """The state of each annotator's running test."""
    since = dict(
        AnnotatorStatus.objects.filter(
            membership__campaign=plan.campaign, tests_since__isnull=False
        ).values_list("membership__user", "tests_since")
    )
    outcomes: defaultdict[int, list[bool]] = defaultdict(list)
    rows = Check.objects.filter(
        campaign=plan.campaign, annotator__in=annotators, kind=CheckKind.GOLD
    ).order_by("rated_at", "pk")
    for annotator, passed, rated_at in rows.values_list("annotator", "passed", "rated_at"):
        begun = since.get(annotator)
        if begun is None or rated_at >= begun:
            outcomes[annotator].append(passed)
    test = gold_test(plan)
    return {annotator: sprt.run(answers, test) for annotator, answers in outcomes.items()}
