"""What a report allocates is bounded by the ratings, however long the scale is."""

import tracemalloc

import numpy as np
import pytest

from analytics.agreement.coefficients.catalogue import Coefficient
from analytics.agreement.coefficients.conger import conger_kappa
from analytics.agreement.coefficients.two_raters import table_kappa
from analytics.agreement.coefficients.weights import Weighting
from analytics.agreement.comparison.differences import bootstrap_difference, jackknife_difference
from analytics.agreement.inference.bootstrap import bootstrap_interval
from analytics.agreement.report import agreement_summary
from analytics.agreement.sums.cluster_rows import item_rows
from analytics.agreement.sums.moments import Moments
from analytics.agreement.sums.present_levels import on_present_levels
from analytics.scales import MOST_LEVELS, Scale
from analytics.tables import RatingTable
from tests.factories.moments import moments_of

ALPHA = Coefficient.ALPHA_ORDINAL
MB = 1e6


def noisy(levels, declared, n_units=60, n_raters=3, seed=1):
    """Ratings of some of the declared levels, each near its unit's."""
    rng = np.random.default_rng(seed)
    near = rng.integers(0, len(levels), n_units)[:, None] + rng.integers(-1, 2, (n_units, n_raters))
    rows = np.asarray(levels)[np.clip(near, 0, len(levels) - 1)].tolist()
    return RatingTable.from_unit_rows(rows, Scale.of(declared))


def slider():
    return noisy(range(0, 101, 5), range(101))


def mistyped():
    """One to four, and -999 for what should have been missing: every whole number declared."""
    return noisy([-999, 1, 2, 3, 4], range(-999, 5))


def longest():
    return noisy(range(0, MOST_LEVELS, 7), range(MOST_LEVELS), n_units=300)


def peak(act):
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1] / MB
    finally:
        tracemalloc.stop()


# Two dense moments of 101 levels alone would hold 10,405² numbers: 866 MB each.
@pytest.mark.parametrize("table", [slider(), mistyped(), longest()])
def test_a_report_with_its_intervals_stays_small(table):
    assert peak(lambda: agreement_summary(table)) < 25


@pytest.mark.parametrize("table", [slider(), mistyped(), longest()])
def test_so_do_bootstrap_differences_and_whatever_else_reads_a_table(table):
    few = on_present_levels(table)

    def resample():
        rng = np.random.default_rng(1)
        bootstrap_interval(ALPHA, item_rows(few), few.scale, rng, n_replicates=200)
        bootstrap_difference(ALPHA, table, table, rng, n_replicates=50)

    def others():
        jackknife_difference(ALPHA, table, table)
        conger_kappa(table, Weighting.QUADRATIC)
        table_kappa(slider(), 0, 1, Weighting.QUADRATIC)

    assert peak(resample) < 50
    assert peak(others) < 25


def test_ten_thousand_units_on_a_hundred_and_one_levels_stay_below_two_hundred_megabytes():
    table = noisy(range(101), range(101), n_units=10_000)
    assert len(np.unique(table.level)) == 101
    assert peak(lambda: agreement_summary(table)) < 100


def test_stored_moments_refuse_a_long_scale_and_say_what_to_do():
    with pytest.raises(ValueError, match="at most 12 levels, got 101: keep the ratings"):
        Moments.empty(Scale.of(range(101)))
    with pytest.raises(ValueError, match="at most 12 levels, got 101"):
        moments_of(slider())
