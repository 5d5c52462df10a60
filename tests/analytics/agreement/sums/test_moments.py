"""Stored moments give the report of the ratings themselves, however they were put together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.agreement.coefficients.catalogue import Coefficient
from analytics.agreement.inference.moment_evidence import moment_evidence
from analytics.agreement.report import agreement_summary, summarise
from analytics.agreement.sums.moments import Moments
from analytics.scales import Scale
from analytics.tables import RatingTable
from tests.analytics.agreement.problems import as_rows, ragged_matrices
from tests.analytics.agreement.test_report import simulated
from tests.factories.moments import largest_difference, moments_of

FOUR = Scale.of([1, 2, 3, 4])
ROUNDING = 1e-9


def item_tables(matrix, n_levels, per_item=3):
    """One table per item of consecutive units, raters named by column."""
    for start in range(0, len(matrix), per_item):
        rows = as_rows(matrix[start : start + per_item])
        yield RatingTable.from_long(
            units=[(start, unit) for unit, row in enumerate(rows) for _ in row],
            raters=[f"rater {place}" for row in rows for place in range(len(row))],
            values=[value for row in rows for value in row],
            items=[start for row in rows for _ in row],
            scale=Scale.of(range(n_levels)),
        )


def whole_table(matrix, n_levels, per_item=3):
    rows = as_rows(matrix)
    return RatingTable.from_long(
        units=[unit for unit, row in enumerate(rows) for _ in row],
        raters=[f"rater {place}" for row in rows for place in range(len(row))],
        values=[value for row in rows for value in row],
        items=[unit // per_item for unit, row in enumerate(rows) for _ in row],
        scale=Scale.of(range(n_levels)),
    )


@settings(max_examples=150, deadline=None)
@given(problem=ragged_matrices(max_units=24))
def test_adding_items_one_by_one_equals_summing_all_at_once(problem):
    matrix, n_levels = problem
    total = Moments.empty(Scale.of(range(n_levels)))
    for table in item_tables(matrix, n_levels):
        total += moments_of(table)
    direct = moments_of(whole_table(matrix, n_levels))
    assert largest_difference(total, direct) < ROUNDING


@settings(max_examples=100, deadline=None)
@given(problem=ragged_matrices(max_units=24))
def test_point_values_from_moments_equal_those_from_ratings(problem):
    matrix, n_levels = problem
    table = whole_table(matrix, n_levels)
    direct, stored = agreement_summary(table), summarise(moment_evidence(moments_of(table)))
    assert stored.n_units == direct.n_units
    assert stored.n_pairable == direct.n_pairable
    assert stored.n_items == direct.n_items
    assert stored.n_raters == direct.n_raters
    for name in Coefficient:
        one, other = direct.lines[name].estimate, stored.lines[name].estimate
        assert one.reason == other.reason
        assert one.value == pytest.approx(other.value, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(problem=ragged_matrices(max_units=18), seed=st.integers(0, 2**32 - 1))
def test_a_change_of_one_item_is_the_difference_of_its_moments(problem, seed):
    matrix, n_levels = problem
    rng = np.random.default_rng(seed)
    changed = matrix.copy()
    changed[:3] = rng.integers(-1, n_levels, changed[:3].shape)
    before = next(item_tables(matrix, n_levels))
    after = next(item_tables(changed, n_levels))
    change = moments_of(after) - moments_of(before)
    updated = moments_of(whole_table(matrix, n_levels)) + change
    assert largest_difference(updated, moments_of(whole_table(changed, n_levels))) < ROUNDING


def test_intervals_from_moments_are_within_three_per_mille_of_deleting_items():
    table = simulated(n_items=400, n_raters=12, seed=3)
    direct, stored = agreement_summary(table), summarise(moment_evidence(moments_of(table)))
    for name in Coefficient:
        one, other = direct.lines[name].items, stored.lines[name].items
        assert other.standard_error == pytest.approx(one.standard_error, rel=3e-3), name


def test_taking_everything_away_leaves_no_pattern_and_no_rater():
    moments = moments_of(simulated())
    nothing = moments - moments
    assert nothing.patterns == {}
    assert nothing.raters == {}
    assert summarise(moment_evidence(nothing)).as_dict()["reason"] == "no_overlap"


def test_a_bare_change_is_no_evidence():
    change = Moments.empty(FOUR) - moments_of(simulated())
    with pytest.raises(ValueError, match="add them"):
        moment_evidence(change)


def test_scales_must_be_the_same():
    with pytest.raises(ValueError, match="scales differ"):
        _ = Moments.empty(FOUR) + Moments.empty(Scale.of([1, 2]))


def test_a_missing_rating_is_found_by_the_nightly_check():
    table = simulated()
    keep = np.arange(table.n_ratings - 1)
    shorter = RatingTable.from_indices(
        unit=table.unit[keep],
        rater=table.rater[keep],
        level=table.level[keep],
        scale=table.scale,
        unit_item=table.unit_item,
    )
    assert largest_difference(moments_of(table), moments_of(shorter)) == float("inf")


def test_a_level_that_was_changed_behind_the_store_is_found():
    table = simulated()
    level = table.level.copy()
    a, b = np.flatnonzero(table.level == 0)[0], np.flatnonzero(table.level == 3)[0]
    level[[a, b]] = level[[b, a]]
    other = RatingTable.from_indices(
        unit=table.unit, rater=table.rater, level=level, scale=FOUR, unit_item=table.unit_item
    )
    assert largest_difference(moments_of(table), moments_of(other)) > 1e-6


def test_a_rater_whose_ratings_were_all_withdrawn_leaves_no_trace():
    table = simulated(n_items=200, n_raters=8, seed=6)
    gone = moments_of(table.keep(table.rater == 0))
    rest = moments_of(table.keep(table.rater != 0))
    items = sorted(set(table.item[table.rater == 0].tolist()))
    touched = np.isin(table.item, items)
    change = moments_of(table.keep(touched & (table.rater != 0))) - moments_of(table.keep(touched))
    left = moments_of(table) + change
    assert gone.raters.keys() == {0}
    assert left.present_raters.keys() == set(range(1, 8))
    assert largest_difference(left, rest) < ROUNDING
    assert summarise(moment_evidence(left)).n_raters == 7
