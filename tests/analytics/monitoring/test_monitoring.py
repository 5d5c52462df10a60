import numpy as np
import pytest

from analytics.agreement.report import agreement_summary
from analytics.estimates import Estimate, Interval, Reason
from analytics.monitoring.change_points import change_points
from analytics.monitoring.gates import GateStatus, gate_status
from analytics.monitoring.trend import trend
from analytics.tables import RatingTable
from tests.analytics.raters.campaigns import FOUR, campaign


def worsening(n_items=240, from_item=150, seed=1):
    """Ratings that turn random from one item on."""
    table = campaign(n_items=n_items, seed=seed).table
    rng = np.random.default_rng(seed)
    late = (table.item >= from_item) & (rng.random(table.n_ratings) < 0.7)
    level = table.level.copy()
    level[late] = rng.integers(0, 4, int(late.sum()))
    return RatingTable.from_indices(
        unit=table.unit, rater=table.rater, level=level, scale=FOUR, unit_item=table.unit_item
    )


def test_a_planted_change_is_found_near_its_place_with_alpha_on_both_sides():
    found = change_points(worsening(), np.arange(240))
    assert len(found) == 1
    assert abs(found[0].time - 150) <= 12
    assert found[0].before > found[0].after + 0.2
    assert found[0].p_value < 0.01


def test_steady_agreement_has_no_change_at_the_stated_rate():
    n_false = sum(
        bool(change_points(campaign(n_items=120, seed=seed).table, np.arange(120), level=0.05))
        for seed in range(40)
    )
    assert n_false <= 5


def test_time_decides_the_order_and_short_or_equal_series_have_no_change():
    table = worsening()
    backwards = change_points(table, -np.arange(240.0))
    assert len(backwards) == 1
    assert backwards[0].before < backwards[0].after
    short = campaign(n_items=12).table
    assert change_points(short, np.arange(12)) == []
    equal = RatingTable.from_unit_rows([[1, 1]] * 40, FOUR)
    assert change_points(equal, np.arange(40)) == []


def test_the_trend_reports_each_period_on_its_own_items():
    table = worsening()
    periods = ["early" if item < 150 else "late" for item in range(240)]
    early, late = trend(table, periods)
    assert (early.period, early.n_items, late.n_items) == ("early", 150, 90)
    assert early.line.items.low > late.line.items.high
    alone = agreement_summary(table.keep(table.item < 150)).headline
    assert early.line == alone
    with pytest.raises(ValueError, match="2 periods for 240 items"):
        trend(table, ["a", "b"])


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        (0.70, 0.80, GateStatus.PASSED),
        (0.60, 0.75, GateStatus.OPEN),
        (0.50, 0.66, GateStatus.FAILED),
    ],
)
def test_a_gate_looks_at_the_bounds(low, high, status):
    interval = Interval(low, high, "test")
    assert gate_status(Estimate(0.68), interval, 0.667).status is status


def test_a_gate_without_an_interval_is_unknown():
    interval = Interval.undefined("test", Reason.FEW_ITEMS)
    assert gate_status(Estimate(0.9), interval, 0.667).status is GateStatus.UNKNOWN
