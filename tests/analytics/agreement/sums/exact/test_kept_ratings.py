"""Kept ratings: added and taken away exactly, in any order and grouping."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.agreement.sums.exact.exact_sums import ExactSums
from analytics.agreement.sums.exact.kept_ratings import KeptRatings, keep_strata
from analytics.agreement.sums.exact.signed_ratings import SignedRatings
from analytics.agreement.sums.exact.stratum_sums import added_sums, different_parts
from analytics.scales import Scale
from tests.analytics.agreement.sums.exact.test_exact_sums import FOUR, draw_rows

LONG = Scale.of(range(40))


def kept(rows, sign=1, scale=LONG):
    """Rows are (item, unit, rater, level); the state of an item is its place among the items."""
    items, state = np.unique(rows[:, 0], return_inverse=True)
    none = np.zeros(len(rows), dtype=np.int64)
    ratings = SignedRatings(
        scale, none, state, *rows[:, 1:].T, np.full(len(items), sign, dtype=np.int64), 1
    )
    [found] = keep_strata(ratings, items.tolist())
    return found


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32))
def test_adding_and_taking_away_in_any_order_leaves_nothing(seed):
    rng = np.random.default_rng(seed)
    batches = [draw_rows(rng, items=3) for _ in range(4)]
    for place, rows in enumerate(batches):
        rows[:, 0] += 2 * place  # neighbours share an item and its units
        rows[:, 1] += 200 * place
        rows[:, 2] += 10 * place
    total = KeptRatings.empty(LONG)
    for place in rng.permutation(4):
        total = total + kept(batches[place])
    assert total.table.n_ratings == sum(len(rows) for rows in batches)
    for place in rng.permutation(4):
        total = total + kept(batches[place], sign=-1)
    assert total.is_empty
    assert different_parts(total, KeptRatings.empty(LONG)) == []


def test_the_table_has_the_ratings_with_their_ids():
    rows = np.array([(7, 70, 3, 39), (7, 70, 5, 0), (9, 90, 3, 12)])
    found = kept(rows)
    assert found.raters == [3, 5]
    assert found.n_overlapping == 1
    assert found.table.item_labels == [7, 9]
    assert sorted(found.table.values.tolist()) == [0, 12, 39]
    assert found.level_counts()[39] == 1
    assert sum(found.level_counts()) == 3
    assert dict(found.shared) == {}


def test_a_change_is_no_table():
    change = KeptRatings.empty(LONG) - kept(np.array([(1, 2, 3, 4)]))
    with pytest.raises(ValueError, match="add them"):
        _ = change.table


def test_scales_and_forms_do_not_mix():
    with pytest.raises(ValueError, match="scales differ"):
        _ = KeptRatings.empty(LONG) + KeptRatings.empty(FOUR)
    with pytest.raises(TypeError, match="cannot be added"):
        added_sums(KeptRatings.empty(LONG), ExactSums.empty(FOUR))
    assert different_parts(KeptRatings.empty(LONG), ExactSums.empty(FOUR)) == ["form"]
