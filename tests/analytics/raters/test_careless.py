"""Counters of careless work: shares, speed, residuals, repeats."""

import numpy as np
import pytest

from analytics.raters.binomial_shares import share
from analytics.raters.repeats import self_consistency
from analytics.raters.residuals import item_courses, rating_residuals
from analytics.raters.speed import speed_floor
from analytics.tables import RatingTable
from tests.analytics.raters.campaigns import FOUR


def test_shares_have_exact_bounds_at_the_ends():
    assert share(0, 10).low == 0
    assert share(10, 10).high == 1
    assert share(10, 10).low == pytest.approx(0.6915, abs=1e-4)
    assert share(0, 0).value is None
    with pytest.raises(ValueError, match="3 of 2"):
        share(3, 2)


def test_the_floor_is_a_tenth_of_the_median_once_there_are_enough_times():
    assert speed_floor([10.0] * 19, least=2.0) == 2.0
    assert speed_floor([30.0] * 40, least=2.0) == pytest.approx(3.0)
    assert speed_floor([10.0] * 40, least=2.0) == 2.0


def test_residuals_leave_the_rater_out_and_follow_time():
    table = RatingTable.from_long(
        units=["u", "u", "u", "v", "v", "w"],
        raters=["a", "b", "c", "a", "b", "a"],
        values=[4, 2, 1, 1, 2, 3],
        items=["i", "i", "i", "j", "j", "k"],
        scale=FOUR,
    )
    residuals = rating_residuals(table)
    assert residuals[:5] == pytest.approx([2.5, -0.5, -2, -1, 1])
    assert np.isnan(residuals[5])
    found = item_courses(table, np.array([9, 1, 1, 2, 5, 3]))
    assert found["a"].residuals == pytest.approx([-1, 2.5])
    assert found["a"].times.tolist() == [2, 9]
    assert found["b"].residuals == pytest.approx([-0.5, 1])
    assert found["c"].residuals == pytest.approx([-2])


def test_repeats_compare_a_rater_with_themselves():
    found = self_consistency(
        ["a", "a", "a", "b"], np.array([0, 1, 3, 2]), np.array([0, 2, 1, 2]), FOUR
    )
    assert (found["a"].exact.k, found["a"].within_one.k) == (1, 2)
    assert found["a"].mean_shift == pytest.approx(-1 / 3)
    assert found["a"].kappa.estimate.value is not None
    assert found["b"].kappa.estimate.value is None
    with pytest.raises(ValueError, match="1 raters"):
        self_consistency(["a"], np.array([0, 1]), np.array([0]), FOUR)
