"""Exact cross sums of two dimensions equal those of the ratings."""

import numpy as np

from analytics.agreement.sums.exact.scale_covariance import ExactCross, count_crosses
from tests.analytics.agreement.sums.exact.test_exact_sums import draw_rows, signed, table_of
from tests.factories.moments import cross_moments


def test_cross_sums_equal_those_of_the_ratings_and_leave_nothing():
    rng = np.random.default_rng(8)
    first, second = draw_rows(rng), draw_rows(rng)
    [cross] = count_crosses(signed(first), signed(second))
    ours, direct = cross.to_moments(), cross_moments(table_of(first), table_of(second))
    assert (ours.n_either, ours.n_both) == (direct.n_either, direct.n_both)
    np.testing.assert_allclose(ours.product, direct.product, rtol=1e-14)
    [gone] = count_crosses(signed(first, -1), signed(second, -1))
    assert (ExactCross.empty((4, 4)) + cross + gone).is_empty


def test_cross_sums_of_different_denominators_add():
    rng = np.random.default_rng(10)
    many, few = draw_rows(rng, raters=13, most=13), draw_rows(rng)
    [one] = count_crosses(signed(many), signed(few))
    [other] = count_crosses(signed(few), signed(many))
    assert one.denominators != other.denominators
    total = (one + other).to_moments()
    np.testing.assert_allclose(
        total.product, one.to_moments().product + other.to_moments().product, rtol=1e-14
    )
