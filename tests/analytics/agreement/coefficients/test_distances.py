"""Squared distances between levels by hand."""

import numpy as np
import pytest

from analytics.agreement.coefficients.distances import interval, nominal, ordinal, ratio

VALUES = np.array([1.0, 2.0, 4.0])
FREQUENCIES = np.array([2.0, 1.0, 1.0])


def test_ordinal_distances_are_squared_gaps_of_mid_ranks():
    # mid-ranks 1, 2.5 and 3.5
    expected = [[0, 2.25, 6.25], [2.25, 0, 1], [6.25, 1, 0]]
    assert ordinal(FREQUENCIES, VALUES) == pytest.approx(np.array(expected))


def test_interval_distances_follow_the_values_and_nominal_ones_do_not():
    assert interval(FREQUENCIES, VALUES).tolist() == [[0, 1, 9], [1, 0, 4], [9, 4, 0]]
    assert nominal(FREQUENCIES, VALUES).tolist() == [[0, 1, 1], [1, 0, 1], [1, 1, 0]]


def test_ratio_distances_are_relative_and_zero_is_no_distance_from_zero():
    found = ratio(FREQUENCIES, np.array([0.0, 1.0, 3.0]))
    assert found.tolist() == [[0, 1, 1], [1, 0, 0.25], [1, 0.25, 0]]
    with pytest.raises(ValueError, match="at least zero"):
        ratio(FREQUENCIES, np.array([-1.0, 1.0, 3.0]))
