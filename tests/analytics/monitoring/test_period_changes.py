import numpy as np
import pytest

from analytics.agreement.coefficients.catalogue import Coefficient
from analytics.agreement.report import agreement_summary
from analytics.agreement.sums.moments import Moments
from analytics.monitoring.period_changes import period_changes
from analytics.tables import RatingTable
from tests.analytics.monitoring.test_monitoring import worsening
from tests.analytics.raters.campaigns import FOUR, campaign
from tests.factories.moments import moments_of


def by_period(table, length):
    """(number, moments) of each run of `length` items."""
    items = np.arange(table.n_items)
    return [
        (
            start // length,
            moments_of(table.keep(np.isin(table.item, items[start : start + length]))),
        )
        for start in range(0, table.n_items, length)
    ]


def test_a_planted_change_is_found_at_its_period_with_alpha_on_both_sides():
    table = worsening()
    found = period_changes(by_period(table, 15))
    assert [one.period for one in found] == [10]  # items from 150 on, 15 a period
    before = agreement_summary(table.keep(table.item < 150)).headline.estimate.value
    after = agreement_summary(table.keep(table.item >= 150)).headline.estimate.value
    assert found[0].before == pytest.approx(before, abs=1e-12)
    assert found[0].after == pytest.approx(after, abs=1e-12)


def test_with_one_item_a_period_it_is_found_near_its_item():
    [change] = period_changes(by_period(worsening(seed=3), 1))
    assert abs(change.period - 150) <= 12
    assert change.before > change.after + 0.2
    assert change.p_value < 0.01


def test_steady_short_equal_and_empty_series_have_no_change():
    n_false = sum(
        bool(period_changes(by_period(campaign(n_items=120, seed=seed).table, 10), level=0.05))
        for seed in range(20)
    )
    assert n_false <= 3
    assert period_changes(by_period(campaign(n_items=19, seed=1).table, 5)) == []
    assert period_changes(by_period(RatingTable.from_unit_rows([[1, 1]] * 40, FOUR), 5)) == []
    assert period_changes([("2026-11-01", Moments.empty(FOUR))]) == []
    assert period_changes([], Coefficient.ALPHA_NOMINAL) == []
