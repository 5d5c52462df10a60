"""Scales of many levels: values follow the declared levels, costs those that are present."""

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from analytics.agreement.coefficients.catalogue import Coefficient, point
from analytics.agreement.coefficients.distances import Metric
from analytics.agreement.coefficients.krippendorff import krippendorff_alpha
from analytics.agreement.coefficients.weights import (
    WEIGHTS,
    DeclaredWeights,
    Weighting,
    declared_total,
)
from analytics.agreement.inference.evidence import gather
from analytics.agreement.sums.present_levels import on_present_levels
from analytics.scales import MOST_LEVELS, Scale
from analytics.tables import RatingTable
from tests.analytics.agreement.enumeration import (
    long_problems,
    long_scales,
    rows_of,
    units_of,
    value,
)

EXACT = 1e-12


def table_of(values, places):
    return RatingTable.from_unit_rows(rows_of(values, places), Scale.of(values))


@pytest.mark.parametrize("name", list(Coefficient))
@settings(max_examples=120, deadline=None)
@given(problem=long_problems())
def test_every_coefficient_is_that_of_enumerating_the_declared_levels(name, problem):
    values, places = problem
    evidence = gather(table_of(values, places))
    expected = value(units_of(places), values, name.value)
    found = point(name, evidence.total, evidence.scale).value
    assert found == (None if expected is None else pytest.approx(expected, abs=EXACT))


@pytest.mark.parametrize("metric", list(Metric))
@settings(max_examples=150, deadline=None)
@given(problem=long_problems())
def test_alpha_is_that_of_the_krippendorff_package_over_all_declared_levels(metric, problem):
    values, places = problem
    numbers = np.asarray(values)
    if metric is Metric.RATIO:
        numbers = np.arange(1, len(values) + 1) / 4
    found = krippendorff_alpha(table_of(numbers.tolist(), places), metric).value
    pairable = places[(places >= 0).sum(axis=1) >= 2]
    if len(np.unique(pairable[pairable >= 0])) < 2:
        assert found is None
        return
    data = np.where(places < 0, np.nan, numbers[places]).T
    expected = krippendorff.alpha(
        reliability_data=data, value_domain=numbers.tolist(), level_of_measurement=metric.value
    )
    assert found == pytest.approx(expected, abs=EXACT)


@settings(max_examples=150, deadline=None)
@given(problem=long_problems())
def test_fleiss_and_randolph_are_those_of_statsmodels_over_all_declared_levels(problem):
    values, places = problem
    full = places[(places >= 0).all(axis=1)]
    if len(np.unique(full)) < 2:
        return
    evidence = gather(table_of(values, full))
    counts = (full[:, :, None] == np.arange(len(values))).sum(axis=1)
    for name, method in ((Coefficient.FLEISS, "fleiss"), (Coefficient.BRENNAN_PREDIGER, "rand")):
        expected = statsmodels_fleiss(counts, method=method)
        found = point(name, evidence.total, evidence.scale).value
        assert found == pytest.approx(expected, abs=EXACT)


@settings(max_examples=100, deadline=None)
@given(problem=long_problems())
def test_levels_that_no_rating_has_do_not_move_alpha_of_any_metric(problem):
    values, places = problem
    table, given_levels = table_of(values, places), np.unique(places[places >= 0])
    if len(given_levels) < 2:
        return
    few = RatingTable.from_unit_rows(
        rows_of(values, places), Scale.of([values[level] for level in given_levels])
    )
    for metric in (Metric.ORDINAL, Metric.NOMINAL, Metric.INTERVAL):
        expected = krippendorff_alpha(few, metric).value
        found = krippendorff_alpha(table, metric).value
        assert found == (None if expected is None else pytest.approx(expected, abs=EXACT))


def test_declared_neighbours_count_and_range_survive_the_levels_that_are_left_out():
    # 0 … 100; the pairs 10/11 are neighbours, 10/12 are not, though no rating has 11.
    rows = [[10, 11], [10, 12], [50, 50], [10, 12]]
    scale = Scale.of(range(101))
    evidence = gather(RatingTable.from_unit_rows(rows, scale))
    found = {name: point(name, evidence.total, evidence.scale).value for name in Coefficient}
    assert evidence.scale.values == (10, 11, 12, 50)
    assert found[Coefficient.WITHIN_ONE] == pytest.approx(2 / 4)
    # Brennan and Prediger: (1/4 - 1/101) / (1 - 1/101) = (101/4 - 1) / 100.
    assert found[Coefficient.BRENNAN_PREDIGER] == pytest.approx(0.2425)
    # AC2: pa = 1 - (1 + 4 + 4) / (4 · 100²); Σw = 101² - 101² (101² - 1) / (6 · 100²) = 8466.83.
    # Margins: 10 has 3/8, 11 has 1/8, 12 has 2/8, 50 has 2/8: Σπ(1 - π) = 46/64.
    chance = 8466.83 / (101 * 100) * 46 / 64
    assert found[Coefficient.AC2] == pytest.approx((1 - 9 / 40_000 - chance) / (1 - chance))


@pytest.mark.parametrize("weighting", list(Weighting))
@settings(max_examples=40, deadline=None)
@given(values=long_scales(), seed=st.integers(0, 2**32 - 1))
def test_weights_of_some_levels_are_those_of_the_declared_scale(weighting, values, seed):
    rng = np.random.default_rng(seed)
    whole = Scale.of(values)
    chosen = np.sort(rng.choice(len(values), 7, replace=False))
    every, few = WEIGHTS[weighting](whole), whole.among(chosen)
    assert WEIGHTS[weighting](few) == pytest.approx(every[np.ix_(chosen, chosen)], abs=EXACT)
    assert declared_total(weighting, few) == pytest.approx(every.sum(), rel=1e-12)
    shares = rng.random((2, 7))
    product = DeclaredWeights(weighting, few).times(shares)
    assert product == pytest.approx(shares @ every[np.ix_(chosen, chosen)], abs=1e-10)


def test_some_of_some_levels_still_know_the_declared_ones():
    some = Scale.of(range(0, 101, 5)).among([1, 4, 20]).among([2, 0])
    assert some.values == (5, 100)
    assert some.ranks.tolist() == [1, 20]
    assert (len(some.whole), some.span) == (21, 100)
    assert Scale.of(range(50)).among([7]).values == (0, 7)
    assert Scale.of(range(50)).among([]).values == (0, 1)


def test_short_scales_stay_as_they_are_declared():
    table = RatingTable.from_unit_rows([[1, 2], [2, 2]], Scale.of(range(1, 11)))
    assert on_present_levels(table) is table


def test_a_scale_longer_than_any_report_accepts_is_refused_before_it_is_built():
    with pytest.raises(ValueError, match=r"at most 10,001 levels, got 1,000,000,000"):
        Scale.of(range(10**9))
    assert len(Scale.of(range(MOST_LEVELS))) == MOST_LEVELS
