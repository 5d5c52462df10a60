import krippendorff
import numpy as np
import pytest

from analytics.agreement.coefficients.catalogue import Coefficient, statistic
from analytics.agreement.inference.bootstrap import (
    bootstrap_interval,
    bootstrap_sums,
    percentile_interval,
    stratified_sums,
)
from analytics.agreement.inference.evidence import gather
from analytics.agreement.report import agreement_summary
from analytics.estimates import Reason
from analytics.scales import Scale
from analytics.tables import RatingTable
from tests.analytics.agreement.test_report import FOUR, simulated


def test_each_replicate_equals_krippendorff_on_the_physically_repeated_items():
    table = simulated(n_items=20)
    rows = gather(table).items.rows
    sums = bootstrap_sums(rows, np.random.default_rng(5), n_replicates=40)
    found = statistic(Coefficient.ALPHA_ORDINAL, FOUR)(sums)
    matrix = np.full((table.n_raters, table.n_units), np.nan)
    matrix[table.rater, table.unit] = table.values
    drawn = np.random.default_rng(5).integers(0, 20, (40, 20))
    for items, value in zip(drawn, found, strict=True):
        repeated = np.hstack([matrix[:, table.unit_item == item] for item in items])
        expected = krippendorff.alpha(
            repeated, value_domain=[1, 2, 3, 4], level_of_measurement="ordinal"
        )
        assert value == pytest.approx(expected, abs=1e-12)


def test_the_same_seed_gives_the_same_interval_and_it_resembles_the_jackknife():
    table = simulated(n_items=200, seed=4)
    rows = gather(table).items.rows
    first, again = (
        bootstrap_interval(Coefficient.ALPHA_ORDINAL, rows, FOUR, np.random.default_rng(7))
        for _ in range(2)
    )
    assert first == again
    assert first.bounds == pytest.approx(agreement_summary(table).headline.items.bounds, abs=0.02)


def test_strata_keep_their_size_in_every_replicate():
    rows = np.array([[1.0, 0], [1, 0], [0, 1], [0, 1], [0, 1]])
    stratum = np.array([0, 0, 1, 1, 1])
    sums = stratified_sums(rows, stratum, np.random.default_rng(1), n_replicates=30)
    assert (sums == [2, 3]).all()


def test_few_items_and_no_overlap_give_the_reason():
    two = Scale.of([1, 2])
    rng = np.random.default_rng(1)
    few = gather(RatingTable.from_unit_rows([[1, 1], [1, 2], [2, 2]], two)).items.rows
    lonely = gather(RatingTable.from_unit_rows([[1, None], [None, 2]], two)).items.rows
    alpha = Coefficient.ALPHA_NOMINAL
    assert bootstrap_interval(alpha, few, two, rng).reason is Reason.FEW_ITEMS
    assert bootstrap_interval(alpha, lonely, two, rng).reason is Reason.NO_OVERLAP


def test_many_undefined_replicates_leave_no_interval():
    replicates = np.array([0.5] * 97 + [np.nan] * 3)
    assert percentile_interval(replicates).reason is Reason.NO_VARIATION
    assert percentile_interval(np.array([])).reason is Reason.NO_VARIATION
