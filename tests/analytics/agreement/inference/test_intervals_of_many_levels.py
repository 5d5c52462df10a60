"""Intervals on many levels equal those of leaving out and resampling by enumeration."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.agreement.coefficients.catalogue import Coefficient
from analytics.agreement.coefficients.conger import conger_kappa
from analytics.agreement.coefficients.two_raters import (
    cohen_kappa,
    confusion,
    shared_levels,
    table_kappa,
)
from analytics.agreement.coefficients.weights import Weighting
from analytics.agreement.comparison.differences import bootstrap_difference, jackknife_difference
from analytics.agreement.inference.bootstrap import bootstrap_interval, percentile_interval
from analytics.agreement.inference.evidence import gather, gather_dense, gather_sparse
from analytics.agreement.report import summary_line
from analytics.agreement.sums.cluster_rows import item_rows
from analytics.agreement.sums.present_levels import on_present_levels
from analytics.scales import Scale
from analytics.tables import RatingTable
from tests.analytics.agreement.enumeration import value
from tests.analytics.agreement.problems import as_rows, ragged_matrices

ALPHA = Coefficient.ALPHA_ORDINAL
LEVELS = [level / 2 for level in range(41)]


def campaign(n_items=12, n_raters=5, seed=1, noise=2.0, n_levels=41):
    """Two units an item, three of the raters each; nearly all levels occur."""
    rng = np.random.default_rng(seed)
    units = np.arange(2 * n_items).repeat(3)
    raters = np.argsort(rng.random((n_items, n_raters)), axis=1)[:, :3].repeat(2, axis=0).ravel()
    truth = rng.uniform(0, n_levels, 2 * n_items)[units]
    level = np.clip(truth + rng.normal(0, noise, len(units)), 0, n_levels - 1).astype(int)
    return RatingTable.from_indices(
        unit=units,
        rater=raters,
        level=level,
        scale=Scale.of(LEVELS[:n_levels]),
        unit_item=np.arange(n_items).repeat(2),
    )


def units_where(table, kept):
    """Places by unit of the ratings that a mask keeps."""
    units = [[] for _ in range(table.n_units)]
    for unit, level in zip(table.unit[kept], table.level[kept], strict=True):
        units[unit].append(int(level))
    return units


def scaled(name, number):
    return np.arctanh(2 * number - 1 if name.is_share else number)


@pytest.mark.parametrize("name", list(Coefficient))
def test_the_item_interval_is_that_of_deleting_each_item(name):
    table = campaign()
    values = table.scale.values
    assert len(gather(table).scale) > 12
    left = [
        scaled(name, value(units_where(table, table.item != item), values, name.value))
        for item in range(table.n_items)
    ]
    error = np.sqrt((len(left) - 1) * np.var(left))
    found = summary_line(name, gather(table))
    number = found.estimate.value
    slope = 2 * number * (1 - number) if name.is_share else 1 - number**2
    assert found.items.standard_error == pytest.approx(slope * error, rel=1e-9)
    assert found.items.method.startswith("delete-one")


@pytest.mark.parametrize("name", list(Coefficient))
def test_the_annotator_interval_is_that_of_deleting_each_annotator_and_each_unit(name):
    table = campaign()
    values = table.scale.values
    line = summary_line(name, gather(table))
    number = line.estimate.value
    slope = 2 * number * (1 - number) if name.is_share else 1 - number**2
    item = (line.items.standard_error / slope) ** 2
    left = [
        scaled(name, value(units_where(table, table.rater != rater), values, name.value))
        for rater in range(table.n_raters)
    ]
    annotator = (len(left) - 1) * np.var(left)
    unit = linearised_unit_variance(table, name)
    expected = max(item + annotator - unit, item, annotator)
    assert line.annotators.standard_error == pytest.approx(slope * np.sqrt(expected), rel=1e-4)


def linearised_unit_variance(table, name, step=1e-5):
    """n / (n - 1) Σ (∂z/∂w - mean)² by central differences of the units' weights."""
    units = units_where(table, np.ones(table.n_ratings, dtype=bool))
    slopes = []
    for place in range(len(units)):
        ends = []
        for sign in (1, -1):
            weights = np.ones(len(units))
            weights[place] += sign * step
            number = value(units, table.scale.values, name.value, weights)
            ends.append(scaled(name, number))
        slopes.append((ends[0] - ends[1]) / (2 * step))
    return len(slopes) / (len(slopes) - 1) * np.sum((slopes - np.mean(slopes)) ** 2)


@settings(max_examples=80, deadline=None)
@given(problem=ragged_matrices(max_units=20), per_item=st.integers(1, 3))
def test_sparse_and_dense_sums_give_one_report(problem, per_item):
    matrix, n_levels = problem
    rows = as_rows(matrix)
    flat = [(u, r, v) for u, row in enumerate(rows) for r, v in enumerate(row)]
    table = RatingTable.from_long(
        units=[u for u, _, _ in flat],
        raters=[r for _, r, _ in flat],
        values=[v for _, _, v in flat],
        items=[u // per_item for u, _, _ in flat],
        scale=Scale.of(range(n_levels)),
    )
    dense, sparse = gather_dense(table), gather_sparse(table)
    assert (dense.n_raters, dense.n_ratings) == (sparse.n_raters, sparse.n_ratings)
    assert dense.n_units_with(2) == sparse.n_units_with(2)
    for name in Coefficient:
        one, other = summary_line(name, dense), summary_line(name, sparse)
        assert one.estimate.reason == other.estimate.reason, name
        assert one.estimate.value == pytest.approx(other.estimate.value, abs=1e-12), name
        for mine, theirs in ((one.items, other.items), (one.annotators, other.annotators)):
            assert (mine.reason, mine.method) == (theirs.reason, theirs.method), name
            assert mine.bounds == pytest.approx(theirs.bounds, abs=1e-7), name


def test_where_one_item_decides_alone_the_sparse_interval_is_linearised_too():
    rows = [[1, 1]] * 5 + [[1, 4], [2, 2]]
    table = RatingTable.from_unit_rows(rows, Scale.of([1, 2, 3, 4]))
    dense, sparse = (summary_line(ALPHA, one(table)) for one in (gather_dense, gather_sparse))
    assert sparse.items.method == dense.items.method
    assert sparse.items.method.startswith("linearised")
    assert sparse.items.bounds == pytest.approx(dense.items.bounds, abs=1e-9)


def repeated(table, items):
    """Ordinal α of the units of drawn items, two each."""
    units = units_where(table, np.ones(table.n_ratings, dtype=bool))
    again = [units[2 * item + place] for item in items for place in range(2)]
    return value(again, table.scale.values, ALPHA.value)


def test_bootstrap_replicates_are_those_of_repeating_the_drawn_items():
    table = on_present_levels(campaign(n_items=8, seed=3))
    rows = item_rows(table)
    found = bootstrap_interval(ALPHA, rows, table.scale, np.random.default_rng(5), n_replicates=60)
    drawn = np.random.default_rng(5).integers(0, 8, (60, 8))
    expected = percentile_interval(np.array([repeated(table, items) for items in drawn]))
    assert found.bounds == pytest.approx(expected.bounds, abs=1e-12)


def test_differences_between_long_scales_and_between_a_long_and_a_short_one():
    first = campaign(n_items=14, seed=1)
    for second in (campaign(n_items=14, seed=2), campaign(n_items=14, seed=2, n_levels=5)):
        found = jackknife_difference(ALPHA, first, second)
        left = []
        for item in range(14):
            ends = [
                value(units_where(one, one.item != item), one.scale.values, ALPHA.value)
                for one in (first, second)
            ]
            left.append(ends[0] - ends[1])
        expected = np.sqrt(13 * np.var(left))
        assert found.interval.standard_error == pytest.approx(expected, rel=1e-9)
        drawn = bootstrap_difference(
            ALPHA, first, second, np.random.default_rng(1), n_replicates=40
        )
        again = np.random.default_rng(1).integers(0, 14, (40, 14))
        replicates = [repeated(first, items) - repeated(second, items) for items in again]
        assert drawn.estimate == found.estimate
        expected = percentile_interval(np.array(replicates)).bounds
        assert drawn.interval.bounds == pytest.approx(expected, abs=1e-12)


def test_a_long_scale_against_itself_differs_by_exactly_nothing():
    table = campaign()
    for found in (
        jackknife_difference(ALPHA, table, table),
        bootstrap_difference(ALPHA, table, table, np.random.default_rng(1), n_replicates=30),
    ):
        assert found.estimate.value == 0
        assert found.interval.bounds == pytest.approx((0, 0), abs=1e-12)


def short_and_long(seed=2):
    """The same ratings on a short scale, and as five levels of a scale of 99."""
    rng = np.random.default_rng(seed)
    matrix = np.clip(rng.integers(1, 6, (40, 1)) + rng.integers(-1, 2, (40, 4)), 1, 5)
    rows = matrix.tolist()
    short = RatingTable.from_unit_rows(rows, Scale.of([1, 2, 3, 4, 5]))
    return short, RatingTable.from_unit_rows(rows, Scale.of([*range(1, 6), *range(100, 194)]))


@pytest.mark.parametrize("weighting", [Weighting.IDENTITY, Weighting.WITHIN_ONE])
def test_conger_and_cohen_do_not_see_levels_beyond_those_given(weighting):
    short, long = short_and_long()
    one, other = conger_kappa(short, weighting), conger_kappa(long, weighting)
    assert other.estimate.value == pytest.approx(one.estimate.value, abs=1e-12)
    assert other.standard_error == pytest.approx(one.standard_error, abs=1e-12)
    one, other = (table_kappa(table, 0, 1, weighting) for table in (short, long))
    assert other.estimate.value == pytest.approx(one.estimate.value, abs=1e-12)


@pytest.mark.parametrize("weighting", [Weighting.QUADRATIC, Weighting.LINEAR, Weighting.ORDINAL])
def test_cohen_weighs_by_the_declared_range_and_ranks(weighting):
    _, long = short_and_long()
    every = confusion(*shared_levels(long, 0, 1), len(long.scale))
    expected = cohen_kappa(every, long.scale, weighting)
    found = table_kappa(long, 0, 1, weighting)
    assert found.estimate.value == pytest.approx(expected.estimate.value, abs=1e-10)
    assert found.standard_error == pytest.approx(expected.standard_error, abs=1e-10)
