"""The sequential test on hidden gold: from outcomes to pauses."""

from datetime import datetime

from analytics.raters.sprt import SprtState, Verdict
from annotation_app.enums import MembershipStatus, PauseReason, Role
from annotation_app.models import Membership, QualityPlan
from annotation_app.selectors.quality.gold_tests import gold_states
from annotation_app.services.quality.pausing import Evidence, pause_annotator


def run_gold_tests(*, plan: QualityPlan, annotators: set[int], now: datetime) -> list[Membership]:
    """Pause those of the annotators that the test has found bad; return them."""
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
