"""Chance-corrected coefficients of two units by hand."""

import numpy as np
import pytest

from analytics.agreement.coefficients.chance_corrected import (
    brennan_prediger,
    corrected,
    fleiss_kappa,
    gwet_ac,
    mean_margins,
    observed_agreement,
)
from analytics.agreement.sums.layout import Layout

# One unit with two equal ratings, one with two different ones.
SUMS = Layout(2).vectors(np.array([[2, 0], [1, 1]])).sum(axis=0)
NOMINAL = np.eye(2)


def test_half_the_pairs_agree_and_the_margins_are_three_to_one():
    assert observed_agreement(SUMS, NOMINAL) == 0.5
    assert mean_margins(SUMS, 2).tolist() == [0.75, 0.25]


@pytest.mark.parametrize(
    ("coefficient", "by_chance"),
    [(fleiss_kappa, 0.75**2 + 0.25**2), (gwet_ac, 2 * 0.75 * 0.25), (brennan_prediger, 0.5)],
)
def test_each_takes_away_its_own_agreement_by_chance(coefficient, by_chance):
    expected = (0.5 - by_chance) / (1 - by_chance)
    assert float(coefficient(SUMS, NOMINAL)) == pytest.approx(expected)


def test_certain_agreement_by_chance_leaves_nothing_to_correct():
    assert np.isnan(corrected(np.array(1.0), np.array(1 - 1e-15)))
