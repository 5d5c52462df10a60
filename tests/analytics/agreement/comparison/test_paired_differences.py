"""The paired difference from stored sums equals the one from ratings."""

import numpy as np
import pytest

from analytics.agreement.coefficients.catalogue import Coefficient
from analytics.agreement.comparison.differences import jackknife_difference
from analytics.agreement.comparison.paired_differences import paired_difference
from analytics.agreement.sums.moments import Moments
from analytics.agreement.sums.scale_covariance import CrossMoments
from analytics.estimates import Reason
from analytics.tables import RatingTable
from tests.analytics.agreement.test_report import FOUR, simulated
from tests.factories.moments import cross_moments, moments_of

ALPHA = Coefficient.ALPHA_ORDINAL


def second_dimension(table, seed=1):
    rng = np.random.default_rng(seed)
    level = table.level.copy()
    noisy = rng.random(len(level)) < 0.3
    level[noisy] = rng.integers(0, 4, int(noisy.sum()))
    return RatingTable.from_indices(
        unit=table.unit, rater=table.rater, level=level, scale=FOUR, unit_item=table.unit_item
    )


def stored_difference(first, second):
    return paired_difference(
        ALPHA, moments_of(first), moments_of(second), cross_moments(first, second)
    )


def test_value_and_error_are_those_of_deleting_items_within_three_per_mille():
    first = simulated(n_items=300, n_raters=10)
    second = second_dimension(first)
    stored, direct = stored_difference(first, second), jackknife_difference(ALPHA, first, second)
    assert stored.estimate.value == pytest.approx(direct.estimate.value, abs=1e-12)
    error = direct.interval.standard_error
    assert stored.interval.standard_error == pytest.approx(error, rel=3e-3)
    assert (stored.n_items, stored.n_shared) == (direct.n_items, direct.n_shared)


def test_groups_without_a_common_item_have_no_cross_product():
    first = simulated(n_items=60)
    other = second_dimension(first)
    elsewhere = RatingTable.from_long(
        units=other.unit.tolist(),
        raters=other.rater.tolist(),
        values=other.values.tolist(),
        items=[f"b{item}" for item in other.item],
        scale=FOUR,
    )
    found, direct = (
        stored_difference(first, elsewhere),
        jackknife_difference(ALPHA, first, elsewhere),
    )
    assert found.n_shared == 0
    error = direct.interval.standard_error
    assert found.interval.standard_error == pytest.approx(error, rel=0.02)


def test_few_items_or_undefined_values_have_their_reason():
    few = RatingTable.from_unit_rows([[1, 2], [2, 2], [3, 4]], FOUR)
    assert stored_difference(few, few).interval.reason is Reason.FEW_ITEMS
    nothing = Moments.empty(FOUR)
    found = paired_difference(ALPHA, nothing, nothing, CrossMoments.empty(FOUR, FOUR))
    assert found.estimate.reason is Reason.NO_OVERLAP
