from datetime import timedelta

import numpy as np
import pytest

from analytics.raters.csp import CspPlan, CspState, advance, must_check
from annotation_app.enums import Design, DisputeReason, Purpose
from annotation_app.models import CrossCheckDraw, ReviewCase, Task
from annotation_app.selectors.quality.cross_checks import csp_states
from annotation_app.services.quality.cross_checks import draw_checks, judge_checks
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.quality_checks import run_quality_checks
from tests.factories.gold import answer_next, seeded
from tests.factories.world import NOON, make_annotators, make_campaign

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def campaign():
    return make_campaign(30, k=2)


@pytest.fixture
def plan(campaign):
    return set_quality_plan(
        actor=None,
        campaign=campaign,
        changes={"csp_enabled": True, "csp_clearance": 3, "csp_fraction": 0.25},
    )


@pytest.fixture
def people(campaign):
    return make_annotators(campaign, 2)


def check_all(plan, checker, *, knows=True, now=NOON):
    """Let the checker take every cross-check slot that waits."""
    for _ in Task.objects.filter(purpose=Purpose.CROSS_CHECK, state="open"):
        assert answer_next(plan.campaign, checker, knows=knows, now=now).purpose == "cross_check"
    return judge_checks(plan=plan, now=now)


def test_everything_is_checked_until_i_in_a_row_pass_then_a_fraction(campaign, plan, people):
    ann, ben = people
    for minute in range(3):
        answer_next(campaign, ann, now=NOON + minute * MINUTE)
    assert draw_checks(plan=plan, since=None, now=NOON, rng=seeded(1)) == 3
    slots = Task.objects.filter(purpose=Purpose.CROSS_CHECK)
    assert {(slot.design, slot.inclusion_probability) for slot in slots} == {(Design.CSP, 1.0)}
    assert check_all(plan, ben) == []
    state = csp_states(plan=plan, annotators={ann.pk})[ann.pk]
    assert (state.sampling, state.passes_in_row) == (True, 3)

    for minute in range(3, 9):
        answer_next(campaign, ann, now=NOON + minute * MINUTE)
    draw_checks(plan=plan, since=None, now=NOON, rng=seeded(1))
    later = CrossCheckDraw.objects.filter(rated_at__gte=NOON + 3 * MINUTE)
    assert {draw.probability for draw in later} == {0.25}
    assert 0 < later.filter(drawn=True).count() < 6
    assert draw_checks(plan=plan, since=None, now=NOON, rng=seeded(2)) == 0  # once for each rating


def test_a_failed_check_has_the_unchecked_work_around_it_rated_again(campaign, plan, people):
    ann, ben = people
    for minute in range(3):
        answer_next(campaign, ann, now=NOON + minute * MINUTE)
    draw_checks(plan=plan, since=None, now=NOON, rng=seeded(1))
    check_all(plan, ben)
    for minute in range(3, 9):
        answer_next(campaign, ann, now=NOON + minute * MINUTE)
    draw_checks(plan=plan, since=None, now=NOON, rng=seeded(1))
    drawn = CrossCheckDraw.objects.filter(drawn=True, passed=None)
    unchecked = CrossCheckDraw.objects.filter(drawn=False)
    items = {draw.rating.campaign_item_id for draw in unchecked}
    assert len(check_all(plan, ben, knows=False)) == drawn.count() or drawn.count() == 0
    again = Task.objects.filter(purpose=Purpose.RERATE)
    assert {slot.campaign_item_id for slot in again} == items
    assert {slot.design for slot in again} == {Design.RERATE}
    assert not unchecked.filter(rerated=False).exists()
    assert csp_states(plan=plan, annotators={ann.pk})[ann.pk].sampling is False


def test_a_failure_waits_for_a_reviewer(campaign, plan, people):
    ann, ben = people
    answer_next(campaign, ann)
    run_quality_checks(campaign=campaign, now=NOON, rng=seeded(1))
    answer_next(campaign, ben, knows=False)
    run_quality_checks(campaign=campaign, now=NOON + MINUTE, rng=seeded(1))
    case = ReviewCase.objects.get()
    # levels 4 and 1 on the first candidate against 1 and 4: three apart, and the order turned
    assert case.size == 3
    assert set(case.reasons) == {
        DisputeReason.RANGE, DisputeReason.PREFERENCE, DisputeReason.CHECK,
    }  # fmt: skip


def test_the_raters_of_the_overlap_sample_check_each_other_without_more_slots(people):
    campaign = make_campaign(4, k=2, base=2, overlap=2)
    plan = set_quality_plan(actor=None, campaign=campaign, changes={"csp_enabled": True})
    ann, ben = make_annotators(campaign, 2)
    answer_next(campaign, ann)
    assert draw_checks(plan=plan, since=None, now=NOON, rng=seeded(1)) == 0
    assert CrossCheckDraw.objects.get().drawn
    while CrossCheckDraw.objects.get(annotator=ann).passed is None:
        answer_next(campaign, ben)
        judge_checks(plan=plan, now=NOON)
    assert CrossCheckDraw.objects.get(annotator=ann).passed


def test_the_outgoing_quality_of_the_services_rule_matches_theory():
    """CSP-1 with i = 5, f = 0.2 at 10 % failures; the same states as the services keep."""
    plan, rate = CspPlan(5, 0.2), 0.1
    rng = np.random.default_rng(3)
    rates = [outgoing_rate(plan, rate, rng) for _ in range(8)]
    error = np.std(rates, ddof=1) / np.sqrt(len(rates))
    # q⁵ = 0.59049; share checked 0.2 / (0.2 + 0.8 · 0.59049) = 0.29743; 0.1 · 0.70257
    assert plan.outgoing_rate(rate) == pytest.approx(0.070257, abs=1e-5)
    assert abs(np.mean(rates) - plan.outgoing_rate(rate)) < 3 * error


def outgoing_rate(plan, rate, rng, n=6000):
    state, stays = CspState(), 0
    for failed, draw in zip(rng.random(n) < rate, rng.random(n), strict=True):
        if must_check(state, plan, draw):
            state = advance(state, plan, passed=not failed)
        else:
            stays += failed
    return stays / n
