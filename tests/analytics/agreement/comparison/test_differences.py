import numpy as np
import pytest

from analytics.agreement.coefficients.catalogue import Coefficient
from analytics.agreement.comparison.differences import bootstrap_difference, jackknife_difference
from analytics.agreement.report import agreement_summary
from analytics.estimates import Reason
from analytics.scales import Scale
from analytics.tables import RatingTable
from tests.analytics.agreement.test_report import FOUR, simulated

ALPHA = Coefficient.ALPHA_ORDINAL


def alpha(table):
    return agreement_summary(table).headline


def test_the_difference_is_first_minus_second_and_its_interval_surrounds_it():
    first, second = simulated(seed=1), simulated(seed=2)
    found = jackknife_difference(ALPHA, first, second)
    expected = alpha(first).estimate.value - alpha(second).estimate.value
    assert found.estimate.value == pytest.approx(expected, abs=1e-12)
    low, high = found.interval.bounds
    assert low < expected < high
    assert found.n_shared == 30


def test_a_table_against_itself_differs_by_exactly_nothing():
    table = simulated()
    for found in (
        jackknife_difference(ALPHA, table, table),
        bootstrap_difference(ALPHA, table, table, np.random.default_rng(1), n_replicates=50),
    ):
        assert found.estimate.value == 0
        assert found.interval.bounds == pytest.approx((0, 0), abs=1e-12)


def test_pairing_narrows_the_interval_of_correlated_dimensions():
    table = simulated(n_items=80, seed=5)
    rng = np.random.default_rng(0)
    level = table.level.copy()
    noisy = rng.random(len(level)) < 0.1
    level[noisy] = rng.integers(0, 4, noisy.sum())
    other = RatingTable.from_indices(
        unit=table.unit, rater=table.rater, level=level, scale=FOUR, unit_item=table.unit_item
    )
    elsewhere = RatingTable.from_long(
        units=other.unit.tolist(),
        raters=other.rater.tolist(),
        values=other.values.tolist(),
        items=[f"other {item}" for item in other.item],
        scale=FOUR,
    )
    paired = jackknife_difference(ALPHA, table, other)
    independent = jackknife_difference(ALPHA, table, elsewhere)
    assert independent.n_shared == 0
    assert paired.interval.width < 0.6 * independent.interval.width
    drawn = bootstrap_difference(ALPHA, table, other, np.random.default_rng(3))
    assert drawn.interval.standard_error == pytest.approx(paired.interval.standard_error, rel=0.15)


def test_independent_groups_add_their_variances():
    first, second = simulated(n_items=60, seed=1), simulated(n_items=60, seed=2)
    renamed = RatingTable.from_long(
        units=second.unit.tolist(),
        raters=second.rater.tolist(),
        values=second.values.tolist(),
        items=[f"b{item}" for item in second.item],
        scale=FOUR,
    )
    found = jackknife_difference(ALPHA, first, renamed).interval.standard_error
    errors = [alpha(table).items.standard_error for table in (first, second)]
    assert found == pytest.approx(np.hypot(*errors), rel=0.05)


def test_few_items_or_an_undefined_side_leave_no_interval():
    few = RatingTable.from_unit_rows([[1, 2], [2, 2], [3, 4]], FOUR)
    equal = RatingTable.from_unit_rows([[1, 1]] * 6, Scale.of([1, 2, 3, 4]))
    assert jackknife_difference(ALPHA, simulated(), few).interval.reason is Reason.FEW_ITEMS
    found = jackknife_difference(ALPHA, simulated(), equal)
    assert found.estimate.reason is Reason.NO_VARIATION
    assert found.interval.reason is Reason.NO_VARIATION
    drawn = bootstrap_difference(ALPHA, simulated(), few, np.random.default_rng(0))
    assert drawn.interval.reason is Reason.FEW_ITEMS


def test_one_deciding_item_falls_back_to_the_linearised_variance():
    rows = [[1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 4], [2, 2]]
    lopsided = RatingTable.from_unit_rows([[1, 1]] * 6 + [[1, 2]], FOUR)
    found = jackknife_difference(ALPHA, RatingTable.from_unit_rows(rows, FOUR), lopsided)
    assert found.interval.bounds is not None
