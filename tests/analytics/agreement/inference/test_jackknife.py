"""Variances over clusters by hand."""

import math

import numpy as np
import pytest

from analytics.agreement.inference.jackknife import (
    delete_one_variance,
    leave_out,
    linearised_variance,
    rows_variance,
    terms_variance,
    values_variance,
)


def mean(sums):
    with np.errstate(divide="ignore", invalid="ignore"):
        return sums[..., 0] / sums[..., 1]


# The mean of 1, 2 and 6: its jackknife variance is that of the sample over n, 7 / 3.
ROWS = np.array([[1.0, 1.0], [2.0, 1.0], [6.0, 1.0]])
TOTAL = ROWS.sum(axis=0)


def test_deleting_values_of_a_mean_gives_the_sample_variance_over_n():
    assert delete_one_variance(mean, TOTAL, ROWS) == pytest.approx(7 / 3)
    assert values_variance(np.array([4.0, 3.5, 1.5])) == pytest.approx(7 / 3)


def test_the_linearised_forms_agree_for_a_mean():
    # terms (x - 3) / 3; G / (G - 1) Σ t² = 3 / 2 · 14 / 9
    assert rows_variance(mean, TOTAL, ROWS) == pytest.approx(7 / 3)
    assert linearised_variance(mean, TOTAL, ROWS.T @ ROWS, 3) == pytest.approx(7 / 3)
    assert terms_variance(np.array([-2, -1, 3]) / 3, np.ones(3)) == pytest.approx(7 / 3)


def test_a_cluster_that_decides_alone_leaves_the_variance_undefined():
    assert math.isnan(delete_one_variance(mean, ROWS[0], ROWS[:1]))


def test_what_rounding_leaves_is_set_to_zero():
    rest = leave_out(np.array([0.1 + 0.2, 1.0]), np.array([[0.3, 0.5]]))
    assert rest.tolist() == [[0.0, 0.5]]
