import numpy as np

from analytics.raters.panel import rater_panel
from analytics.raters.rest_of_raters import VersusStatistic
from analytics.raters.signals import panel_signals
from tests.analytics.raters.campaigns import campaign
from tests.factories.moments import moments_of


def signals(**options):
    return panel_signals(rater_panel(moments_of(campaign(**options).table)))


def test_a_spammer_is_named_with_a_sentence_and_n():
    found = signals(n_items=300, n_raters=12, spammers=(4,))
    kinds = {signal.statistic for signal in found["r4"]}
    assert {VersusStatistic.ALPHA, VersusStatistic.REST_CORRELATION} <= kinds
    strongest = found["r4"][0]
    assert strongest.n_items > 50
    assert strongest.value < strongest.centre
    assert strongest.sentence.endswith(".")


def test_a_harsh_rater_is_named_as_rating_lower():
    severity = np.zeros(12)
    severity[3] = 1.5
    found = signals(n_items=300, n_raters=12, severity=severity)
    texts = [s.sentence for s in found["r3"] if s.statistic is VersusStatistic.SEVERITY]
    assert texts == ["Rates lower than the others on the same edits."]


def test_honest_raters_are_hardly_ever_named():
    named = sum(len(signals(n_items=150, n_raters=12, seed=seed)) for seed in range(20))
    assert named <= 6


def test_a_small_pool_names_nobody():
    assert signals(n_items=60, n_raters=4, spammers=(0,)) == {}
