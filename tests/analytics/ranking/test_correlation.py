"""Rank correlations by hand, their undefined cases and their named averages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics.ranking.correlation import (
    Correlation,
    CorrelationAverage,
    Undefined,
    average_correlations,
    kendall_tau_b,
    spearman,
)

rows = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=30)


@given(rows)
def test_spearman_and_tau_agree_with_scipy(pairs):
    one, two = [a for a, _ in pairs], [b for _, b in pairs]
    if len(set(one)) == 1 or len(set(two)) == 1:
        assert spearman(one, two).reason is Undefined.NO_VARIATION
        assert kendall_tau_b(one, two).value is None
        return
    assert spearman(one, two).value == pytest.approx(stats.spearmanr(one, two).statistic)
    assert kendall_tau_b(one, two).value == pytest.approx(stats.kendalltau(one, two).statistic)


def test_tau_b_by_hand_with_one_tie():
    # Pairs: 4 concordant, 1 discordant, 1 tied in x: (4 - 1) / sqrt(5 · 6).
    assert kendall_tau_b([1, 1, 2, 3], [1, 2, 4, 3]).value == pytest.approx(3 / np.sqrt(30))


def test_floating_noise_makes_no_ranks():
    noisy, clean = [0.1 + 0.2, 0.3, 0.5], [1.0, 2.0, 3.0]
    assert spearman(noisy, clean).value == pytest.approx(np.sqrt(3) / 2)
    assert spearman(noisy, clean, decimals=None).value == pytest.approx(0.5)


def test_one_point_is_too_few():
    assert spearman([1.0], [2.0]) == Correlation(None, 1, Undefined.TOO_FEW)


def test_three_ways_of_averaging():
    values = [Correlation(0.9, 10), Correlation(0.1, 10), Correlation(None, 1, Undefined.TOO_FEW)]
    plain = average_correlations(values, CorrelationAverage.PLAIN)
    fisher = average_correlations(values, CorrelationAverage.FISHER)
    wrong = average_correlations(values, CorrelationAverage.TANH_OF_MEAN)
    assert plain.value == pytest.approx(0.5)
    assert fisher.value == pytest.approx(np.tanh((np.arctanh(0.9) + np.arctanh(0.1)) / 2))
    assert wrong.value == pytest.approx(np.tanh(0.5))
    assert (plain.used, plain.undefined) == (2, 1)


def test_averages_without_a_finite_value_say_why():
    nothing = average_correlations([], CorrelationAverage.PLAIN)
    assert (nothing.value, nothing.reason) == (None, Undefined.TOO_FEW)
    perfect = average_correlations([Correlation(1.0, 4)], CorrelationAverage.FISHER)
    assert (perfect.value, perfect.reason) == (None, Undefined.PERFECT)


def test_rows_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="equal length"):
        spearman([1, 2], [1, 2, 3])
