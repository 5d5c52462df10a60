"""The sequential rules behave as their own theory says: CUSUM, SPRT, CSP-1, Beta-Binomial."""

import numpy as np
import pytest
from scipy.special import ndtri

from analytics.raters import csp, sprt
from analytics.raters.cusum import CusumPlan, cusum, plan_for, sequential_ranks
from analytics.raters.gold import BetaPrior, gold_accuracy, pool_prior
from analytics.raters.sprt import SprtPlan, Verdict


def test_cusum_finds_the_shift_and_when_it_began():
    rng = np.random.default_rng(2)
    residuals = np.concatenate([rng.normal(0, 1, 200), rng.normal(1.5, 1, 60)])
    found = cusum(residuals, mean=0, deviation=1, plan=plan_for(5000))
    assert 200 <= found.alarm < 215
    assert abs(found.onset - 200) < 8
    assert found.rising is True


def test_cusum_sums_are_the_textbook_recursion():
    residuals = [0.2, 1.4, -0.3, 2.0, 3.0, -4.0]
    found = cusum(residuals, mean=0, deviation=1, plan=CusumPlan(0.5, 100))
    upper, expected = 0.0, []
    for value in residuals:
        upper = max(0.0, upper + value - 0.5)
        expected.append(upper)
    assert found.upper == pytest.approx(expected)
    assert found.alarm is None


def test_cusum_run_lengths_match_siegmunds_theory():
    plan = CusumPlan(0.5, 4.0)
    rng = np.random.default_rng(3)
    for shift in (0.0, 1.0):
        lengths = [_run_length(rng.normal(shift, 1, 4000), plan) for _ in range(300)]
        assert np.mean(lengths) == pytest.approx(plan.average_run_length(shift), rel=0.15)


def _run_length(residuals, plan):
    alarm = cusum(residuals, mean=0, deviation=1, plan=plan).alarm
    return len(residuals) if alarm is None else alarm + 1


def test_a_plan_is_chosen_by_its_false_alarm_rate():
    assert plan_for(1000).average_run_length() == pytest.approx(1000)
    with pytest.raises(ValueError, match="run length"):
        plan_for(0.5)


def test_cusum_with_a_falling_mean_says_so():
    found = cusum([-3.0, -3.0, -3.0], mean=0, deviation=1, plan=CusumPlan())
    assert found.rising is False
    assert found.alarm == 2
    assert found.onset == 0


def test_cusum_needs_positive_numbers():
    with pytest.raises(ValueError, match="deviation"):
        cusum([1.0], mean=0, deviation=0, plan=CusumPlan())
    with pytest.raises(ValueError, match="positive"):
        CusumPlan(0, 1)
    assert CusumPlan(0.5, 4).average_run_length(0.5) == pytest.approx((4 + 1.166) ** 2, rel=0.01)


@pytest.mark.parametrize("accuracy", [0.95, 0.9, 0.8184, 0.8, 0.7, 0.6])
def test_sprt_pauses_as_often_and_as_fast_as_walds_theory(accuracy):
    plan = SprtPlan(good=0.9, bad=0.7, false_alarm=0.05, miss=0.05)
    rng = np.random.default_rng(5)
    paused, answers = [], []
    for _ in range(2000):
        state = sprt.SprtState()
        while state.verdict is Verdict.CONTINUE:
            state = sprt.advance(state, plan, passed=bool(rng.random() < accuracy))
        paused.append(state.verdict is Verdict.BAD)
        answers.append(state.n)
    assert np.mean(paused) == pytest.approx(plan.pause_probability(accuracy), abs=0.06)
    # Wald's formulas neglect the overshoot of the boundary, so the test runs a little longer.
    assert np.mean(answers) == pytest.approx(plan.expected_answers(accuracy), rel=0.35)
    assert np.mean(paused) <= plan.pause_probability(accuracy) + 0.02


def test_sprt_error_rates_are_kept():
    plan = SprtPlan(false_alarm=0.02, miss=0.05)
    rng = np.random.default_rng(6)
    for accuracy, verdict, most in ((0.9, Verdict.BAD, 0.02), (0.7, Verdict.GOOD, 0.05)):
        ends = []
        for _ in range(2000):
            state = sprt.SprtState()
            while state.verdict is Verdict.CONTINUE:
                state = sprt.advance(state, plan, passed=bool(rng.random() < accuracy))
            ends.append(state.verdict is verdict)
        assert np.mean(ends) < most + 0.01


def test_sprt_starts_anew_after_good_and_stays_bad():
    plan = SprtPlan()
    good = sprt.run([True] * 30, plan)
    assert good.n_tests >= 1
    bad = sprt.run([False] * 10, plan)
    assert bad.verdict is Verdict.BAD
    assert sprt.advance(bad, plan, passed=True) == bad


@pytest.mark.parametrize(
    "wrong", [{"good": 0.6}, {"false_alarm": 0.0}, {"miss": 0.999}, {"bad": 0.0}]
)
def test_sprt_plans_are_checked(wrong):
    with pytest.raises(ValueError, match=r"need 0 <|error rates"):
        SprtPlan(**wrong)


@pytest.mark.parametrize("failure_rate", [0.02, 0.08, 0.2])
def test_csp_checks_and_lets_through_what_dodges_theory_says(failure_rate):
    plan = csp.CspPlan(clearance=15, fraction=0.1)
    rng = np.random.default_rng(8)
    n = 300_000
    failures, draws = rng.random(n) < failure_rate, rng.random(n)
    state, checked, stays = csp.CspState(), 0, 0
    for failure, draw in zip(failures.tolist(), draws.tolist(), strict=True):
        if csp.must_check(state, plan, draw):
            checked += 1
            state = csp.advance(state, plan, passed=not failure)
        else:
            stays += failure
    assert checked / n == pytest.approx(plan.share_checked(failure_rate), rel=0.06, abs=0.004)
    assert stays / n == pytest.approx(plan.outgoing_rate(failure_rate), rel=0.06, abs=0.002)
    assert stays / n <= plan.outgoing_limit() + 0.004


def test_csp_moves_between_its_two_phases():
    plan = csp.CspPlan(clearance=2, fraction=0.25)
    state = csp.CspState()
    assert csp.must_check(state, plan, 0.99)
    assert csp.inclusion_probability(state, plan) == 1
    state = csp.advance(csp.advance(state, plan, passed=True), plan, passed=True)
    assert state.sampling
    assert csp.inclusion_probability(state, plan) == 0.25
    assert csp.must_check(state, plan, 0.2)
    assert not csp.must_check(state, plan, 0.3)
    assert csp.advance(state, plan, passed=True).sampling
    assert csp.advance(state, plan, passed=False) == csp.CspState()


def test_csp_outgoing_limit_is_where_the_derivative_vanishes():
    plan = csp.CspPlan(50, 0.1)
    rates = np.linspace(0.001, 0.2, 20_000)
    worst = rates[np.argmax([plan.outgoing_rate(rate) for rate in rates])]
    assert plan.outgoing_limit() == pytest.approx(plan.outgoing_rate(worst), rel=1e-6)
    # d log AOQ / dp = 1/p - i F / q, with F the share checked.
    assert 50 * worst * plan.share_checked(worst) / (1 - worst) == pytest.approx(1, rel=1e-3)
    with pytest.raises(ValueError, match="clearance"):
        csp.CspPlan(0, 0.1)


def test_gold_posterior_and_floor_probability():
    found = gold_accuracy(18, 20, floor=0.8, prior=BetaPrior(1, 1))
    assert found.mean == pytest.approx(19 / 22)
    assert found.low < 18 / 20 < found.high
    assert found.probability_below == pytest.approx(0.1787, abs=5e-4)
    assert gold_accuracy(0, 0, floor=0.5, prior=BetaPrior()).mean == 0.5
    with pytest.raises(ValueError, match="passes of"):
        gold_accuracy(3, 2, floor=0.8, prior=BetaPrior())
    with pytest.raises(ValueError, match="positive"):
        BetaPrior(0, 1)


def test_the_pool_is_the_prior_of_a_new_annotator():
    rng = np.random.default_rng(9)
    accuracy = rng.beta(18, 2, 200)
    n = np.full(200, 40)
    prior = pool_prior(rng.binomial(n, accuracy), n)
    assert prior.passes / (prior.passes + prior.failures) == pytest.approx(0.9, abs=0.01)
    assert prior.passes + prior.failures == pytest.approx(20, rel=0.4)
    assert pool_prior([], []) == BetaPrior()
    with pytest.raises(ValueError, match="between zero and n"):
        pool_prior([3], [2])


def test_walds_formulas_have_their_limits_where_the_walk_has_no_drift():
    plan = SprtPlan(false_alarm=0.05, miss=0.05)
    level = plan.fail_step / (plan.fail_step - plan.pass_step)
    near = (level - 1e-4, level + 1e-4)
    for law in (plan.pause_probability, plan.expected_answers):
        assert law(level) == pytest.approx(np.mean([law(x) for x in near]), rel=1e-3)


def test_sequential_ranks_are_normal_scores_of_the_rank_in_the_past():
    found = sequential_ranks([1.0, 3.0, 2.0, 2.0, 9.0], warm_up=2)
    # 2 lies above one of two: rank 2 of 3; the second 2 shares ranks 2 and 3 of 4; 9 is 5 of 5
    expected = [0, 0, ndtri(1.5 / 3), ndtri(2 / 4), ndtri(4.5 / 5)]
    assert found == pytest.approx(expected)
    assert sequential_ranks([1.0] * 30).tolist() == [0.0] * 30
    assert len(sequential_ranks([])) == 0


@pytest.mark.parametrize("tail", ["normal", "heavy", "skewed"])
def test_sequential_ranks_keep_the_stated_false_alarms_whatever_the_tails(tail):
    rng, plan, alarms = np.random.default_rng(15), plan_for(2000), 0
    draw = {
        "normal": lambda: rng.normal(size=400),
        "heavy": lambda: rng.standard_t(2, size=400),
        "skewed": lambda: rng.exponential(size=400) ** 2,
    }[tail]
    for _ in range(400):
        alarms += cusum(sequential_ranks(draw()), mean=0, deviation=1, plan=plan).alarm is not None
    assert alarms / 400 <= 1 - np.exp(-385 / 2000) + 0.03


def test_sequential_ranks_find_a_shift_soon_after_it_begins():
    rng, delays = np.random.default_rng(16), []
    for _ in range(100):
        shifted = np.concatenate([rng.normal(0, 1, 110), rng.normal(1.5, 1, 110)])
        alarm = cusum(sequential_ranks(shifted), mean=0, deviation=1, plan=plan_for(20_000)).alarm
        delays.append(alarm - 110 + 1)
    # Siegmund's mean is for a known reference; the ranks of what has shifted join it
    assert min(delays) > 0
    assert np.mean(delays) < 1.5 * plan_for(20_000).average_run_length(1.5)
