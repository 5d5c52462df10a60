"""Bradley–Terry fits: Agresti's baseball, closed forms, maximality, ties, intervals, no fit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.ranking.bradley_terry.comparisons import Comparison, tabulate
from analytics.ranking.bradley_terry.existence import NoFit
from analytics.ranking.bradley_terry.fit import fit_bradley_terry
from analytics.ranking.bradley_terry.likelihood import TieModel, terms
from tests.analytics.golden import read_problem

MODELS = [TieModel.DAVIDSON, TieModel.RAO_KUPPER]


def abilities(fit):
    return {ability.player: ability.log_ability for ability in fit.abilities}


@pytest.fixture
def baseball():
    golden = read_problem("bradley_terry_agresti_baseball")
    games = [
        Comparison(home, away, outcome, wins)
        for home, away, home_wins, away_wins in golden["rows"]
        for outcome, wins in ((1, home_wins), (-1, away_wins))
        if wins
    ]
    return games, golden


def test_baseball_abilities_are_agrestis(baseball):
    games, golden = baseball
    found = abilities(fit_bradley_terry(games))
    expected = golden["expected"]["log_ability_vs_Baltimore"]
    for team, value in expected.items():
        difference = found[team] - found["Baltimore"]
        assert difference == pytest.approx(value, abs=golden["tolerance"])


def test_baseball_home_effect_is_agrestis(baseball):
    games, golden = baseball
    fit = fit_bradley_terry(games, order_effect=True)
    expected = golden["expected"]["with_home_effect"]["at.home"]
    assert fit.order_effect == pytest.approx(expected, abs=golden["tolerance"])


def test_two_players_have_the_closed_form():
    # 30 wins, 10 losses: log 3 apart, so ± log 3 / 2 around the mean.
    fit = fit_bradley_terry([Comparison("a", "b", 1, 30), Comparison("a", "b", -1, 10)])
    assert abilities(fit) == {
        "a": pytest.approx(np.log(3) / 2),
        "b": pytest.approx(-np.log(3) / 2),
    }


def test_davidson_of_two_players_reproduces_the_observed_shares():
    counts = {1: 50, 0: 30, -1: 20}
    fit = fit_bradley_terry([Comparison("a", "b", o, n) for o, n in counts.items()])
    gap = abilities(fit)["a"] - abilities(fit)["b"]
    # Saturated: π_a/π_b = 50/20 and ν = 30/√(50·20).
    assert gap == pytest.approx(np.log(2.5), abs=1e-8)
    assert fit.tie_parameter == pytest.approx(30 / np.sqrt(50 * 20), abs=1e-8)


def test_rao_kupper_of_two_players_reproduces_the_observed_shares():
    counts = {1: 50, 0: 30, -1: 20}
    comparisons = [Comparison("a", "b", o, n) for o, n in counts.items()]
    fit = fit_bradley_terry(comparisons, model=TieModel.RAO_KUPPER)
    gap = abilities(fit)["a"] - abilities(fit)["b"]
    theta = fit.tie_parameter
    assert 1 / (1 + theta * np.exp(-gap)) == pytest.approx(0.5, abs=1e-8)
    assert 1 / (1 + theta * np.exp(gap)) == pytest.approx(0.2, abs=1e-8)


@pytest.mark.parametrize("model", list(TieModel))
def test_derivatives_match_finite_differences(model):
    outcome = np.array([1, 0, -1])
    delta, tau, h = np.array([0.7, -0.4, 1.3]), 0.6, 1e-6
    here = terms(model, outcome, delta, tau)
    ahead, behind = terms(model, outcome, delta + h, tau), terms(model, outcome, delta - h, tau)
    above, below = terms(model, outcome, delta, tau + h), terms(model, outcome, delta, tau - h)
    numeric = [
        ((ahead.value - behind.value) / (2 * h), here.by_delta),
        ((above.value - below.value) / (2 * h), here.by_tau),
        ((ahead.by_delta - behind.by_delta) / (2 * h), here.delta_delta),
        ((above.by_delta - below.by_delta) / (2 * h), here.delta_tau),
        ((above.by_tau - below.by_tau) / (2 * h), here.tau_tau),
    ]
    for difference, analytic in numeric:
        assert difference == pytest.approx(analytic, abs=1e-7)


@pytest.mark.parametrize("model", MODELS)
def test_outcome_probabilities_sum_to_one(model):
    delta = np.linspace(-4, 4, 9)
    total = sum(
        np.exp(terms(model, np.full(9, outcome), delta, 0.3).value) for outcome in (1, 0, -1)
    )
    assert total == pytest.approx(np.ones(9))


def simulated(rng, items=150, model=TieModel.DAVIDSON):
    truth = {"a": 1.0, "b": 0.4, "c": -0.2, "d": -1.2}
    names = list(truth)
    rows = []
    for item in range(items):
        for i in range(4):
            for j in range(i + 1, 4):
                gap = np.array([truth[names[i]] - truth[names[j]]])
                chances = [
                    float(np.exp(terms(model, np.array([o]), gap, 0.2).value[0]))
                    for o in (1, 0, -1)
                ]
                outcome = int(rng.choice([1, 0, -1], p=np.array(chances) / sum(chances)))
                rows.append(Comparison(names[i], names[j], outcome, cluster=str(item)))
    return truth, rows


@pytest.mark.parametrize("model", MODELS)
def test_simulated_truth_lies_in_the_intervals(model):
    truth, rows = simulated(np.random.default_rng(1), model=model)
    fit = fit_bradley_terry(rows, model=model)
    assert [ability.player for ability in fit.abilities] == ["a", "b", "c", "d"]
    assert fit.clusters == 150
    for ability in fit.abilities:
        assert ability.interval is not None
        assert ability.interval.low < truth[ability.player] < ability.interval.high
        assert ability.comparisons == 450
    assert fit.tie_parameter == pytest.approx(np.exp(0.2), rel=0.2)


def test_copies_within_an_item_do_not_narrow_the_intervals():
    _, rows = simulated(np.random.default_rng(2), items=60)
    once, fivefold = fit_bradley_terry(rows), fit_bradley_terry(rows * 5)
    for one, five in zip(once.abilities, fivefold.abilities, strict=True):
        assert five.log_ability == pytest.approx(one.log_ability, abs=1e-6)
        assert five.standard_error == pytest.approx(one.standard_error, rel=1e-6)


def test_a_weight_stands_for_so_many_independent_comparisons():
    counts = {("a", "b", 1): 12, ("a", "b", 0): 5, ("a", "b", -1): 7}
    weighted = fit_bradley_terry([Comparison(*row, n) for row, n in counts.items()])
    listed = fit_bradley_terry([Comparison(*row) for row, n in counts.items() for _ in range(n)])
    assert (weighted.clusters, listed.clusters) == (24, 24)
    for one, two in zip(weighted.abilities, listed.abilities, strict=True):
        assert one.standard_error == pytest.approx(two.standard_error, rel=1e-9)


def test_the_standard_error_of_two_players_is_the_binomial_one():
    # log-odds of 30 : 10 have variance 1/30 + 1/10; each ability carries half of it.
    fit = fit_bradley_terry([Comparison("a", "b", 1, 30), Comparison("a", "b", -1, 10)])
    expected = np.sqrt(1 / 30 + 1 / 10) / 2 * np.sqrt(40 / 39)
    assert fit.abilities[0].standard_error == pytest.approx(expected)


outcomes = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.sampled_from([-1, 0, 1])).filter(
        lambda row: row[0] != row[1]
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=60)
@given(outcomes, st.sampled_from(list(TieModel)))
def test_no_nearby_point_is_more_likely(rows, model):
    comparisons = [Comparison(*row) for row in rows]
    fit = fit_bradley_terry(comparisons, model=model)
    if fit.reason:
        assert fit.abilities == ()
        return
    table = tabulate(comparisons)
    point = np.array([abilities(fit)[name] for name in table.players])
    tau = 0.0 if fit.tie_parameter is None else float(np.log(fit.tie_parameter))

    def likelihood(values, tie):
        delta = values[table.first] - values[table.second]
        return terms(fit.model, table.outcome, delta, tie).value.sum()

    best = likelihood(point, tau)
    assert best == pytest.approx(fit.log_likelihood)
    rng = np.random.default_rng(0)
    for _ in range(20):
        nudged_tau = max(tau + rng.normal(0, 0.05), 1e-3)
        nudged = likelihood(point + rng.normal(0, 0.05, size=point.size), nudged_tau)
        assert nudged <= best + 1e-9


@settings(max_examples=40)
@given(outcomes, st.sampled_from(MODELS))
def test_naming_each_pair_the_other_way_round_changes_nothing(rows, model):
    forward = fit_bradley_terry([Comparison(*row) for row in rows], model=model)
    backward = fit_bradley_terry([Comparison(b, a, -o) for a, b, o in rows], model=model)
    assert forward.reason == backward.reason
    for name, value in abilities(forward).items():
        assert abilities(backward)[name] == pytest.approx(value, abs=1e-6)


def test_without_ties_both_tie_models_are_the_plain_one():
    rows = [Comparison("a", "b", 1, 3), Comparison("a", "b", -1)]
    for model in MODELS:
        fit = fit_bradley_terry(rows, model=model)
        assert (fit.model, fit.tie_parameter) == (TieModel.HALF_WINS, None)


def reason(rows, **options):
    return fit_bradley_terry([Comparison(*row) for row in rows], **options).reason


def test_a_player_that_never_loses_has_no_finite_ability():
    assert reason([("a", "b", 1), ("b", "c", 1), ("c", "b", 1)]) is NoFit.SEPARATED
    assert reason([("a", "b", 1), ("b", "c", 1), ("c", "a", 1)]) is None


def test_players_that_never_meet_cannot_be_compared():
    assert reason([("a", "b", 1), ("b", "a", 1), ("c", "d", 1), ("d", "c", 1)]) is (
        NoFit.NOT_CONNECTED
    )


def test_an_order_effect_needs_more_than_one_direction_of_play():
    assert reason([("a", "b", 1), ("a", "b", -1)], order_effect=True) is NoFit.NOT_CONNECTED


def test_a_tie_does_not_make_up_for_a_loss():
    # Win and tie without a loss: the loss probability runs to zero, and the ability away.
    for model in MODELS:
        assert reason([("a", "b", 1), ("a", "b", 0)], model=model) is NoFit.SEPARATED
    half = [("a", "b", 1), ("a", "b", 0)]
    assert reason(half, model=TieModel.HALF_WINS) is None


def test_ties_that_bridge_a_win_leave_room_to_run_away():
    # c > b with a tied to both: abilities s, 0, −s and τ = .75 s fit ever better as s grows.
    rows = [("a", "b", 0), ("a", "c", 0), ("a", "d", 0), ("b", "c", -1)]
    assert reason(rows) is NoFit.SEPARATED


def test_only_ties_have_no_finite_tie_parameter():
    assert fit_bradley_terry([Comparison("a", "b", 0)]).reason is NoFit.ONLY_TIES
    half = fit_bradley_terry([Comparison("a", "b", 0)], model=TieModel.HALF_WINS)
    assert abilities(half) == {"a": 0.0, "b": 0.0}


def test_four_items_give_abilities_without_intervals():
    rows = [Comparison("a", "b", o, cluster=str(n)) for n, o in enumerate((1, 1, -1, 0))]
    fit = fit_bradley_terry(rows)
    assert fit.clusters == 4
    assert {ability.interval for ability in fit.abilities} == {None}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "no comparison"),
        ([Comparison("a", "a", 1)], "with itself"),
        ([Comparison("a", "b", 2)], "outcome"),
        ([Comparison("a", "b", 1, 0)], "weight"),
    ],
)
def test_invalid_comparisons_are_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        fit_bradley_terry(rows)
