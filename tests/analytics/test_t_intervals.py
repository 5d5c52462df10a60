"""t intervals against the quantiles that textbooks print."""

import math

import pytest

from analytics.t_intervals import fisher_t_interval, normal_quantile, t_interval, t_reach


@pytest.mark.parametrize(
    ("df", "level", "printed"), [(1, 0.95, 12.706), (4, 0.95, 2.776), (10, 0.99, 3.169)]
)
def test_the_reach_is_the_printed_quantile_times_the_error(df, level, printed):
    assert t_reach(2.0, df, level) == pytest.approx(2 * printed, abs=1e-3)


def test_many_degrees_of_freedom_give_the_normal_quantile():
    assert normal_quantile() == pytest.approx(1.959964, abs=1e-6)
    assert t_reach(1.0, 1e9) == pytest.approx(normal_quantile(), abs=1e-6)


def test_the_interval_stands_around_its_value_and_says_how_it_was_made():
    found = t_interval(0.5, 0.1, 4, "by hand")
    assert found.bounds == pytest.approx((0.5 - 0.27764, 0.5 + 0.27764), abs=1e-5)
    assert (found.method, found.standard_error, found.degrees_of_freedom) == ("by hand", 0.1, 4)
    assert found.level == 0.95


def test_an_interval_by_atanh_stays_inside_one_and_is_wider_towards_zero():
    found = fisher_t_interval(math.atanh(0.9), 0.25, 4, "atanh", back=math.tanh, slope=1 - 0.9**2)
    assert found.low == pytest.approx(math.tanh(math.atanh(0.9) - 2.77645 / 2), abs=1e-5)
    assert found.high is not None
    assert found.low is not None
    assert found.high < 1
    assert 0.9 - found.low > found.high - 0.9
    assert found.standard_error == pytest.approx(0.19 * 0.5)
