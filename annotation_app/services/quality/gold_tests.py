"""The sequential test on hidden gold: from outcomes to pauses."""

from collections import defaultdict
from datetime import datetime

from analytics.raters import sprt
from analytics.raters.sprt import SprtState, Verdict
from annotation_app.enums import CheckKind, MembershipStatus, PauseReason, Role
from annotation_app.models import AnnotatorStatus, Check, Membership, QualityPlan
from annotation_app.selectors.quality.plans import gold_test
from annotation_app.services.quality.pausing import Evidence, pause_annotator


def run_gold_tests(*, plan: QualityPlan, annotators: set[int], now: datetime) -> list[Membership]:
    """Pause those of the annotators whom the test has found bad; return them."""
    members = Membership.objects.filter(
        campaign=plan.campaign,
        user__in=annotators,
        role=Role.ANNOTATOR,
        status=MembershipStatus.ACTIVE,
    ).select_related("user", "campaign")
    states = gold_states(plan=plan, annotators=annotators)
    paused = []
    for member in members:
        state = states.get(member.user_id, SprtState())
        if state.verdict is Verdict.BAD and pause_annotator(
            actor=None,
            membership=member,
            reason=PauseReason.GOLD,
            now=now,
            evidence=Evidence({"gold_answers": state.n, "log_ratio": round(state.log_ratio, 3)}),
        ):
            paused.append(member)
    return paused


def gold_states(*, plan: QualityPlan, annotators: set[int]) -> dict[int, SprtState]:
    """Where each annotator's running test stands."""
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
