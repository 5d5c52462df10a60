"""Slices and periods from ratings equal those from stored moments, and work on long scales."""

import numpy as np
import pytest

from analytics.agreement.coefficients.catalogue import Coefficient
from analytics.agreement.comparison.slice_contrasts import against_rest, table_against_rest
from analytics.monitoring.period_changes import period_changes, table_period_changes
from analytics.scales import Scale
from analytics.tables import RatingTable
from tests.analytics.agreement.test_report import simulated
from tests.factories.moments import moments_of

ALPHA = Coefficient.ALPHA_ORDINAL
LONG = Scale.of([*range(1, 5), *range(100, 140)])


def on_long_scale(table):
    return RatingTable.from_indices(
        unit=table.unit, rater=table.rater, level=table.level, scale=LONG, unit_item=table.unit_item
    )


def noisier(table, share, seed=3):
    """The same ratings with a share of them drawn again."""
    rng = np.random.default_rng(seed)
    level = table.level.copy()
    noisy = rng.random(len(level)) < share
    level[noisy] = rng.integers(0, 4, int(noisy.sum()))
    return RatingTable.from_indices(
        unit=table.unit,
        rater=table.rater,
        level=level,
        scale=table.scale,
        unit_item=table.unit_item,
    )


@pytest.mark.parametrize("name", [ALPHA, Coefficient.ALPHA_INTERVAL, Coefficient.BRENNAN_PREDIGER])
def test_a_slice_against_the_rest_is_the_same_from_ratings_and_from_moments(name):
    tables = {place: simulated(n_items=20 + place, seed=place) for place in range(4)}
    stored = against_rest(name, {key: moments_of(table) for key, table in tables.items()})
    found = table_against_rest(name, tables)
    assert found.keys() == stored.keys()
    for key, expected in stored.items():
        one = found[key]
        assert one.estimate.value == pytest.approx(expected.estimate.value, abs=1e-12)
        assert (one.n_items, one.n_shared) == (expected.n_items, 0)
        assert one.interval.standard_error == pytest.approx(expected.interval.standard_error)
        assert one.interval.degrees_of_freedom == expected.interval.degrees_of_freedom


def test_a_long_scale_gives_the_slices_of_its_short_twin():
    tables = {place: simulated(n_items=20, seed=place) for place in range(3)}
    short = table_against_rest(ALPHA, tables)
    long = table_against_rest(ALPHA, {key: on_long_scale(one) for key, one in tables.items()})
    for key, expected in short.items():
        assert long[key].estimate.value == pytest.approx(expected.estimate.value, abs=1e-12)


def test_one_slice_few_items_and_no_overlap_have_no_interval():
    table = simulated()
    lonely = RatingTable.from_unit_rows([[1], [2]], table.scale)
    assert table_against_rest(ALPHA, {"all": table}) == {}
    found = table_against_rest(ALPHA, {"all": table, "lonely": lonely})
    assert found["lonely"].estimate.reason == "no_overlap"
    assert found["all"].interval.reason == "no_overlap"
    few = table.keep(table.item < 3)
    assert (
        table_against_rest(ALPHA, {"few": few, "all": table})["few"].interval.reason == "few_items"
    )


def test_periods_change_at_the_same_day_from_ratings_and_from_moments():
    calm = [(day, simulated(n_items=15, seed=day)) for day in range(6)]
    wild = [(day, noisier(simulated(n_items=15, seed=day), 0.9)) for day in range(6, 12)]
    periods = [*calm, *wild]
    stored = period_changes([(day, moments_of(table)) for day, table in periods])
    found = table_period_changes(periods)
    [expected], [one] = stored, found
    assert one.period == expected.period == 6
    assert one.before == pytest.approx(expected.before, abs=1e-12)
    assert one.p_value == pytest.approx(expected.p_value, rel=1e-6)
    long = table_period_changes([(day, on_long_scale(table)) for day, table in periods])
    assert [change.period for change in long] == [6]


def test_periods_without_overlap_are_passed_over():
    assert table_period_changes([]) == []
    lonely = RatingTable.from_unit_rows([[1], [2]], Scale.of([1, 2, 3, 4]))
    assert table_period_changes([(0, lonely), (1, lonely)]) == []
