"""EditReward-Bench's own scoring: floors of Table 3 and its documented quirks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.benchmark.as_published.editreward_bench import (
    score_answers_as_published,
    score_groups_as_published,
)
from analytics.benchmark.as_published.pairwise import incremental_sweep, threshold_sweep
from analytics.benchmark.orders import parse_order
from analytics.benchmark.scoring import ScoredGroup
from analytics.ranking.labelled import labelled_pairs
from analytics.ranking.proportions import Proportion
from analytics.ranking.tie_threshold import fit_tie_threshold


def group(order, *scores):
    return ScoredGroup("g", "i", parse_order(order), scores)


def shares(rows):
    return {row.k: row.accuracy for row in rows}


def test_groups_are_all_or_nothing_and_pooled_by_count():
    rows = score_groups_as_published(
        [group("A>B", 2, 1), group("A>B", 1, 2), group("C>A>B", 2, 1, 3), group("A>B>C", 1, 2, 3)]
    )
    assert shares(rows) == {2: Proportion(1, 2), 3: Proportion(1, 2), None: Proportion(2, 4)}


def test_one_prediction_satisfies_a_strict_and_a_tied_rule_at_once():
    # Tied pairs at distance 1 set ε* = 1; the strict pair at .5 is judged by sign alone: all right.
    rows = score_groups_as_published(
        [group("A=B=Good", 1, 0), group("A=B=Bad", 0, 1), group("A>B", 0.5, 0)]
    )
    assert shares(rows)[2] == Proportion(3, 3)
    honest = fit_tie_threshold(labelled_pairs([1.0, -1.0, 0.5], [0, 0, 1]))
    assert honest.calibration == Proportion(2, 3)


def test_a_tie_among_three_is_never_right_but_counts():
    assert shares(score_groups_as_published([group("A=B>C", 2, 2, 1)]))[3] == Proportion(0, 1)


def test_equal_scores_are_ordered_with_the_later_position_first():
    rows = score_groups_as_published([group("B>A", 1, 1), group("A>B>C", 1, 1, 0)])
    assert shares(rows) == {2: Proportion(1, 1), 3: Proportion(0, 1), None: Proportion(1, 2)}


def test_failed_groups_leave_the_denominator():
    rows = score_groups_as_published([group("A>B", np.nan, 1), group("A>B", 2, 1)])
    assert shares(rows)[None] == Proportion(1, 1)
    answers = [(parse_order("A>B>C"), (1, 1, 1)), (parse_order("A>B>C"), (1, None, 1))]
    assert shares(score_answers_as_published(answers))[3] == Proportion(1, 1)


def test_a_judge_asked_pair_by_pair_must_get_all_pairs_right():
    answers = [
        (parse_order("C>A>B"), (1, -1, -1)),
        (parse_order("C>A>B"), (1, -1, 1)),
        (parse_order("A=B=Bad"), (0,)),
    ]
    rows = shares(score_answers_as_published(answers))
    assert rows == {2: Proportion(1, 1), 3: Proportion(1, 2), None: Proportion(2, 3)}


def test_the_incremental_sweep_never_tries_no_ties():
    assert incremental_sweep(labelled_pairs([1.0], [1])).accuracy == Proportion(0, 1)
    five = labelled_pairs([1.0, 2.0, 3.0, 4.0, 5.0], [1] * 5)
    assert incremental_sweep(five).accuracy == Proportion(4, 5)
    assert fit_tie_threshold(five).calibration == Proportion(5, 5)


def test_the_incremental_sweep_scores_a_threshold_inside_equal_differences():
    pairs = labelled_pairs([1.0, 1.0], [0, 1])
    assert incremental_sweep(pairs).accuracy == Proportion(2, 2)
    assert fit_tie_threshold(pairs).calibration == Proportion(1, 2)


@given(
    st.lists(
        st.tuples(st.integers(-3, 3).map(float), st.sampled_from([-1, 0, 1])),
        min_size=1,
        max_size=25,
    )
)
def test_the_threshold_sweep_lacks_only_the_threshold_of_no_ties(rows):
    pairs = labelled_pairs([d for d, _ in rows], [label for _, label in rows])
    published = threshold_sweep(pairs).accuracy.correct
    exact = fit_tie_threshold(pairs).calibration.correct
    assert published == exact


def test_sweeps_need_a_valid_prediction():
    nothing = labelled_pairs([np.nan], [1])
    for sweep in (incremental_sweep, threshold_sweep):
        with pytest.raises(ValueError, match="no valid"):
            sweep(nothing)
