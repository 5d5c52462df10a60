"""Exact sums: equal to the moments of the ratings, and gone without a trace when taken away."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.agreement.sums.exact.counting import count_strata
from analytics.agreement.sums.exact.exact_sums import ExactSums, differing_parts
from analytics.agreement.sums.exact.moments import to_moments
from analytics.agreement.sums.exact.signed_ratings import SignedRatings
from analytics.agreement.sums.exact.vectors import MOST_RATINGS, denominator_for
from analytics.scales import Scale
from analytics.tables import RatingTable
from tests.factories.moments import largest_difference, moments_of

FOUR = Scale.of([1, 2, 3, 4])


def draw_rows(rng, items=6, candidates=3, raters=5, most=4):
    """(item, unit, rater, level) rows, ragged."""
    return np.array(
        [
            (item, 100 * item + unit, rater, rng.integers(0, 4))
            for item in range(items)
            for unit in range(candidates)
            for rater in rng.choice(raters, int(rng.integers(0, most + 1)), replace=False)
        ],
        dtype=np.int64,
    ).reshape(-1, 4)


def signed(rows, sign=1, scale=FOUR, stratum=None, n_strata=1):
    strata = np.zeros(len(rows), dtype=np.int64) if stratum is None else stratum
    n_states = int(rows[:, 0].max(initial=-1)) + 1
    return SignedRatings(scale, strata, *rows.T, np.full(n_states, sign, dtype=np.int64), n_strata)


def table_of(rows, scale=FOUR):
    return RatingTable.from_long(
        units=rows[:, 1].tolist(),
        raters=rows[:, 2].tolist(),
        values=[scale.values[level] for level in rows[:, 3]],
        items=rows[:, 0].tolist(),
        scale=scale,
    )


def sums_of(rows, sign=1):
    return count_strata(signed(rows, sign), with_panels=[0])[0]


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_they_equal_the_moments_of_the_ratings(seed):
    rows = draw_rows(np.random.default_rng(seed))
    assert largest_difference(to_moments(sums_of(rows)), moments_of(table_of(rows))) < 1e-14


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_adding_and_taking_away_in_any_order_leaves_nothing(seed):
    rng = np.random.default_rng(seed)
    batches = [draw_rows(rng, items=2) for _ in range(4)]
    total = ExactSums.empty(FOUR)
    for place in rng.permutation(4):
        total = total + sums_of(batches[place])
    for place in rng.permutation(4):
        total = total + sums_of(batches[place], sign=-1)
    assert total.is_empty
    assert differing_parts(total, ExactSums.empty(FOUR)) == []


def test_a_changed_item_is_taken_away_and_added_in_one_count():
    rng = np.random.default_rng(3)
    before, after = draw_rows(rng, items=1), draw_rows(rng, items=1)
    moved = after.copy()
    moved[:, 0] = 1  # the same item as a state of its own
    both = np.concatenate([before, moved])
    ratings = SignedRatings(
        FOUR, np.zeros(len(both), dtype=np.int64), *both.T, np.array([-1, 1]), 1
    )
    [change] = count_strata(ratings, with_panels=[0])
    assert differing_parts(sums_of(before) + change, sums_of(after)) == []


def test_strata_cut_by_rating_by_unit_and_by_item():
    rows = draw_rows(np.random.default_rng(4))
    parts = [rows[:, 0] % 2, 2 + rows[:, 1] % 2, 4 + rows[:, 2] % 2]
    found = count_strata(signed(np.tile(rows, (3, 1)), stratum=np.concatenate(parts), n_strata=6))
    for codes in parts:
        for code in np.unique(codes):
            expected = sums_of(rows[codes == code])
            assert differing_parts(found[code], expected) == ["panels", "shared units"]


@pytest.mark.parametrize("raters", [11, 20, MOST_RATINGS])
def test_units_of_many_ratings_stay_exact(raters):
    rng = np.random.default_rng(raters)
    many = draw_rows(rng, items=3, raters=raters, most=raters)
    few = draw_rows(rng, items=3)
    both = sums_of(many) + sums_of(few)
    moved = few + np.array([3, 1000, 0, 0])
    expected = moments_of(table_of(np.concatenate([many, moved])))
    assert largest_difference(to_moments(both), expected) < 1e-14
    assert differing_parts(both - sums_of(many), sums_of(few)) == []


def test_units_of_more_ratings_than_that_are_near_and_still_leave_nothing():
    rows = draw_rows(np.random.default_rng(9), items=2, raters=70, most=60)
    found = sums_of(rows)
    assert found.denominator == denominator_for(MOST_RATINGS)
    assert largest_difference(to_moments(found), moments_of(table_of(rows))) < 1e-9
    assert (found + sums_of(rows, sign=-1)).is_empty


def test_a_rater_twice_on_a_unit_is_refused():
    with pytest.raises(ValueError, match="twice"):
        signed(np.array([(0, 1, 7, 0), (0, 1, 7, 1)]))


def test_scales_do_not_mix():
    with pytest.raises(ValueError, match="scales differ"):
        ExactSums.empty(FOUR) + ExactSums.empty(Scale.of([1, 2, 3]))
