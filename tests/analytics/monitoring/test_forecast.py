import numpy as np
import pytest

from analytics.monitoring.forecast import forecast_completion


def test_steady_work_finishes_when_division_says():
    found = forecast_completion([100] * 10, 1000, np.random.default_rng(1))
    assert (found.days, found.earliest, found.latest) == (10, 10, 10)
    assert found.per_day == 100


def test_uneven_work_widens_the_interval_around_the_mean_pace():
    found = forecast_completion([0, 200, 50, 150, 100, 0, 200], 1000, np.random.default_rng(1))
    assert found.earliest < 10 <= found.latest
    assert found.days == pytest.approx(10, abs=1)
    again = forecast_completion([0, 200, 50, 150, 100, 0, 200], 1000, np.random.default_rng(1))
    assert found == again


def test_nothing_to_do_is_done_and_nothing_done_has_no_forecast():
    rng = np.random.default_rng(1)
    assert forecast_completion([5, 5, 5], 0, rng).days == 0
    assert forecast_completion([5, 5], 10, rng) is None
    assert forecast_completion([0, 0, 0, 0], 10, rng) is None
    assert forecast_completion([0, 0, 1], 10**9, rng) is None


def test_the_interval_covers_the_true_day_about_as_often_as_it_says():
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(200):
        past, future = rng.poisson(40, 14), rng.poisson(40, 200)
        true_day = int(np.searchsorted(np.cumsum(future), 800)) + 1
        found = forecast_completion(past.tolist(), 800, rng)
        hits += found.earliest <= true_day <= found.latest
    assert hits / 200 > 0.9
