"""Groups and their sums, by hand, whichever way they are found."""

import numpy as np
import pytest

from analytics.agreement.sums.group_sums import (
    TABLE_LIMIT,
    group,
    membership,
    slices,
    sum_by_key,
    sum_within,
)

CODES = np.array([5, 2, 5, 9])


@pytest.mark.parametrize("n_possible", [10, TABLE_LIMIT + 1])
def test_codes_are_grouped_by_table_or_by_sorting(n_possible):
    found, place, sizes = group(CODES, n_possible)
    assert found.tolist() == [2, 5, 9]
    assert place.tolist() == [1, 0, 1, 2]
    assert sizes.tolist() == [1, 2, 1]


def test_members_add_their_vector_as_often_as_they_occur():
    places, cell = np.array([0, 0, 2]), np.array([1, 1, 0])
    vectors = np.array([[1.0, 10.0], [2.0, 20.0]])
    assert membership(places, 3, cell, 2).toarray().tolist() == [[0, 2], [0, 0], [1, 0]]
    assert sum_within(places, 3, cell, vectors).tolist() == [[4, 40], [0, 0], [1, 10]]


def test_whole_numbers_of_any_size_are_summed_by_key_without_rounding():
    huge = 10**30
    rows = np.array([[huge], [1], [1], [7]], dtype=object)
    keys, sums = sum_by_key(CODES, rows)
    assert keys.tolist() == [2, 5, 9]
    assert sums.tolist() == [[1], [huge + 1], [7]]


def test_nothing_has_no_sums():
    keys, sums = sum_by_key(np.zeros(0, dtype=np.int64), np.zeros((0, 2), dtype=np.int64))
    assert (len(keys), sums.shape) == (0, (0, 2))


def test_each_owner_has_one_slice_and_an_owner_without_rows_an_empty_one():
    rows = list("abc")
    assert [rows[part] for part in slices(np.array([0, 0, 2]), 3)] == [["a", "b"], [], ["c"]]
