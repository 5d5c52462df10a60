"""The vector of a unit by hand."""

import numpy as np
import pytest

from analytics.agreement.sums.layout import Layout


def test_two_ratings_of_one_level_and_one_of_another():
    # c cᵀ - diag c = [[2, 2], [2, 0]]; over m - 1 = 2, and again over m = 3
    found = Layout(2).vectors(np.array([[2, 1]]))[0]
    assert found == pytest.approx([1, 1, 0, 1 / 3, 1 / 3, 0, 2 / 3, 1 / 3, 1, 1])


def test_a_single_rating_has_margins_alone_and_none_has_nothing():
    found = Layout(2).vectors(np.array([[0, 1], [0, 0]]))
    assert found.tolist() == [[0, 0, 0, 0, 0, 0, 0, 1, 1, 0], [0] * 10]


def test_the_parts_are_read_back_as_matrices():
    layout = Layout(2)
    sums = layout.vectors(np.array([[2, 1]]))[0]
    assert layout.coincidences(sums).tolist() == [[1, 1], [1, 0]]
    assert layout.margins(sums) == pytest.approx([2 / 3, 1 / 3])
    assert (layout.n_rated(sums), layout.n_pairable(sums), layout.size) == (1, 1, 10)
