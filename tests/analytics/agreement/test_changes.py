"""Folding changes in any order and grouping equals summing the ratings that are left."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.agreement.changes import ItemChange, fold_changes
from analytics.agreement.moments import Moments
from analytics.agreement.report import agreement_summary, summarise
from analytics.agreement.summing import largest_difference, moments_of
from analytics.scales import Scale
from analytics.tables import RatingTable

FOUR = Scale.of([1, 2, 3, 4])


def histories(seed, n_items=6, n_steps=25):
    """Random submits, revisions and releases; the changes and the final states."""
    rng = np.random.default_rng(seed)
    states = {item: {} for item in range(n_items)}
    changes = []
    for _ in range(n_steps):
        item, rater = int(rng.integers(n_items)), f"r{rng.integers(4)}"
        before = rows(states[item])
        if rater in states[item] and rng.random() < 0.3:
            del states[item][rater]
        else:
            states[item][rater] = rng.integers(0, 4, 3).tolist()
        changes.append(ItemChange(before, rows(states[item])))
    return changes, states


def rows(state):
    return [
        {"unit": f"c{place}", "rater": rater, "level": level}
        for rater, levels in state.items()
        for place, level in enumerate(levels)
    ]


def table_of(states):
    ratings = [(item, r) for item, state in states.items() for r in rows(state)]
    return RatingTable.from_long(
        units=[(item, r["unit"]) for item, r in ratings],
        raters=[r["rater"] for _, r in ratings],
        values=[FOUR.values[r["level"]] for _, r in ratings],
        items=[item for item, _ in ratings],
        scale=FOUR,
    )


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), cut=st.integers(0, 25))
def test_folding_equals_rebuilding_whatever_the_order_and_the_batches(seed, cut):
    changes, states = histories(seed)
    mixed = [changes[i] for i in np.random.default_rng(seed).permutation(len(changes))]
    folded = Moments.empty(FOUR) + fold_changes(mixed[:cut], FOUR) + fold_changes(mixed[cut:], FOUR)
    table = table_of(states)
    assert largest_difference(folded, moments_of(table)) < 1e-9
    stored, direct = summarise(folded.evidence), agreement_summary(table)
    for name, line in direct.lines.items():
        assert stored.lines[name].estimate.value == pytest.approx(line.estimate.value, abs=1e-12)


def test_no_change_folds_to_nothing():
    assert fold_changes([], FOUR).patterns == {}


def test_a_level_outside_the_scale_is_refused():
    change = ItemChange([], [{"unit": "c", "rater": "r", "level": 4}])
    with pytest.raises(ValueError, match="level 4"):
        fold_changes([change], FOUR)
