"""Whole numbers of any size: no rounding, no overflow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.agreement.sums.exact.integers import (
    cross_product,
    divided,
    narrowed,
    pack,
    plus,
    times,
    unpack,
)

SMALL = st.integers(-(2**20), 2**20)
LARGE = st.integers(-(2**61), 2**61)
HUGE = st.integers(-(2**200), 2**200)


def whole(numbers):
    return narrowed(np.array(numbers, dtype=object))


@given(st.lists(SMALL | LARGE | HUGE))
def test_what_is_packed_comes_back(numbers):
    assert unpack(pack(whole(numbers))).tolist() == numbers


@pytest.mark.parametrize(
    ("numbers", "size"),
    [([0, 127, -127], 4), ([128], 3), ([40_000], 5), ([2**31], 9), ([2**64], 10), ([], 1)],
)
def test_packed_numbers_take_the_width_of_the_largest(numbers, size):
    assert len(pack(whole(numbers))) == size


@given(st.lists(st.tuples(LARGE | HUGE, LARGE | HUGE), min_size=1), st.sampled_from([1, -1]))
def test_sums_are_those_of_pythons_integers(pairs, sign):
    one, other = zip(*pairs, strict=True)
    expected = [a + sign * b for a, b in pairs]
    assert plus(whole(one), whole(other), sign).tolist() == expected


@given(st.lists(LARGE, min_size=1))
def test_multiples_are_those_of_pythons_integers(numbers):
    factors = [7**place for place in range(len(numbers))]
    expected = [number * factor for number, factor in zip(numbers, factors, strict=True)]
    assert times(whole(numbers), factors).tolist() == expected


@given(st.data())
def test_products_are_those_of_pythons_integers(data):
    n = data.draw(st.integers(0, 5))
    entries = data.draw(st.sampled_from([SMALL, LARGE, HUGE]))
    rows = [
        data.draw(st.lists(st.lists(entries, min_size=k, max_size=k), min_size=n, max_size=n))
        for k in (3, 2)
    ]
    one, other = (
        narrowed(np.array(part, dtype=object).reshape(n, k))
        for part, k in zip(rows, (3, 2), strict=True)
    )
    expected = [
        [sum(a[i] * b[j] for a, b in zip(*rows, strict=True)) for j in (0, 1)] for i in range(3)
    ]
    assert cross_product(one, other).tolist() == expected


def test_a_product_over_many_rows_of_large_numbers_is_exact():
    rng = np.random.default_rng(1)
    rows = rng.integers(-(2**40), 2**40, size=(10_000, 3))
    exact = rows.astype(object).T.dot(rows.astype(object))
    assert cross_product(rows, rows).tolist() == exact.tolist()


def test_quotients_are_rounded_once():
    huge = np.array([3 * 10**40 + 1, 1], dtype=object)
    assert divided(huge, np.array([10**40, 3], dtype=object)).tolist() == [3.0, 1 / 3]
