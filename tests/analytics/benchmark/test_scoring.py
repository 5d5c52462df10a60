"""All-or-nothing hits, the score sheet, floors, τ-b and swapped positions by hand."""

from fractions import Fraction

import numpy as np
import pytest

from analytics.benchmark.labels import LabelSpace, PairLabel
from analytics.benchmark.orders import parse_order
from analytics.benchmark.position import SwapTrial, swap_report
from analytics.benchmark.report import score_benchmark
from analytics.benchmark.rows import pooled_floors
from analytics.benchmark.scoring import ScoredGroup, is_hit, tau_b_of_groups
from analytics.ranking.labelled import labelled_pairs
from analytics.ranking.proportions import Proportion

NAN = float("nan")
FIRST, SECOND, GOOD = PairLabel.FIRST, PairLabel.SECOND, PairLabel.TIE_GOOD
NO_CALIBRATION = labelled_pairs([], [])


def group(order, *scores, item="i"):
    return ScoredGroup(f"{item}-{order}", item, parse_order(order), scores)


@pytest.mark.parametrize(
    ("order", "scores", "epsilon", "hit"),
    [
        ("A>B", (2, 1), 0.5, True),
        ("A>B", (2, 1), 1.0, False),
        ("A=B=Good", (2, 1), 1.0, True),
        ("A=B=Good", (2, 1), 0.5, False),
        ("A=B=Bad", (1, 1), float("-inf"), False),
        ("C>A>B", (2, 1, 3), 5.0, True),
        ("C>A>B", (2, 1, 1.5), 0.0, False),
        ("A>B>C", (2, 2, 1), 0.0, False),
        ("A>B>C", (3, 2, NAN), 0.0, False),
        ("A=B=Good", (NAN, 1), float("inf"), False),
        ("A>B", (float("inf"), 1), 0.0, False),
    ],
)
def test_hits_by_hand(order, scores, epsilon, hit):
    assert is_hit(group(order, *scores), epsilon) is hit


def test_pooled_floors_of_the_published_group_counts():
    orders = [parse_order("A>B")] * 186 + [parse_order("A>B>C")] * 150
    orders += [parse_order("A>B>C>D")] * 148
    scores, labels = pooled_floors(orders)
    assert scores == (Fraction(186, 2) + Fraction(150, 6) + Fraction(148, 24)) / 484
    assert labels == (Fraction(186, 4) + Fraction(150, 8) + Fraction(148, 64)) / 484


def test_human_ties_are_out_of_reach_of_random_scores():
    assert pooled_floors([parse_order("A>B"), parse_order("A=B=Bad")])[0] == Fraction(1, 4)


def test_the_score_sheet_has_a_row_per_k_and_keeps_failures_in_denominators():
    groups = [
        group("A>B", 2, 1, item="a"),
        group("A=B=Good", 1.1, 1, item="b"),
        group("B>A", NAN, 1, item="c"),
        group("C>A>B", 2, 1, 3, item="d"),
        group("A>B>C", 2, 3, 1, item="e"),
    ]
    calibration = labelled_pairs([0.2, 0.8], [0, 1])
    report = score_benchmark(groups, calibration, np.random.default_rng(0))
    assert report.epsilon == pytest.approx(0.5)
    strict = {row.k: (row.accuracy, row.failed) for row in report.strict_rows}
    assert strict == {
        2: (Proportion(1, 2), 1),
        3: (Proportion(1, 2), 0),
        None: (Proportion(2, 4), 1),
    }
    tied = {row.k: (row.accuracy, row.human_ties) for row in report.tied_rows}
    assert tied == {
        2: (Proportion(2, 3), 1),
        3: (Proportion(1, 2), 0),
        None: (Proportion(3, 5), 1),
    }
    # Pairs: 1 + tie + failed + 3 + 3, of which wrong: the failed one and A>B in the last group.
    assert report.pairs.three_class == Proportion(7, 9)
    assert report.pairs.strict == Proportion(6, 8)
    assert [row.floor_scores for row in report.strict_rows[:2]] == [Fraction(1, 2), Fraction(1, 6)]
    # τ-b: 1, undefined, 0 (failed), 1, 1/3.
    assert report.tau_b.value == pytest.approx((1 + 0 + 1 + 1 / 3) / 4)
    assert report.tau_b.observations == 4


def test_without_calibration_pairs_the_threshold_is_cross_fitted_by_item():
    rng = np.random.default_rng(1)
    groups = [group("A>B", *rng.normal(size=2), item=str(n)) for n in range(20)]
    report = score_benchmark(groups, NO_CALIBRATION, rng)
    assert report.epsilon == float("-inf")
    assert report.pairs.origin == "cross_fit"


def test_intervals_of_disjoint_items_are_clopper_pearson_and_close_to_the_clustered_one():
    groups = [group("A>B", 2 + (n % 3), 3, item=str(n)) for n in range(60)]
    row = score_benchmark(groups, labelled_pairs([1.0], [1]), np.random.default_rng(0)).strict_rows[
        -1
    ]
    assert row.accuracy == Proportion(20, 60)
    assert row.exact is not None
    assert row.clustered.interval is not None
    assert row.clustered.interval.low == pytest.approx(row.exact.low, abs=0.01)
    assert row.clustered.interval.high == pytest.approx(row.exact.high, abs=0.01)


def test_tau_b_of_a_constant_prediction_counts_zero():
    assert tau_b_of_groups([group("A>B>C", 1, 1, 1)]).tolist() == [0.0]


def test_a_wrong_number_of_predictions_or_no_group_is_refused():
    with pytest.raises(ValueError, match="3 candidates and 2 predictions"):
        group("A>B>C", 1, 2)
    with pytest.raises(ValueError, match="without groups"):
        score_benchmark([], NO_CALIBRATION, np.random.default_rng(0))


def test_swapped_positions_by_hand():
    trials = [
        SwapTrial(FIRST, FIRST, SECOND),  # right twice, consistent
        SwapTrial(SECOND, FIRST, FIRST),  # always left: right only where the better one is left
        SwapTrial(FIRST, None, SECOND),  # fails once
        SwapTrial(GOOD, PairLabel.TIE_BAD, GOOD),  # ties: one space or two
    ]
    three = swap_report(trials, LabelSpace.THREE)
    assert three.consistent == Proportion(2, 4)
    assert (three.accuracy_ab, three.accuracy_ba) == (Proportion(2, 4), Proportion(4, 4))
    assert three.consistent_accuracy == Proportion(2, 4)
    assert (three.better_left, three.better_right) == (Proportion(2, 3), Proportion(2, 3))
    assert three.picks_left == Proportion(3, 5)
    assert swap_report(trials, LabelSpace.FOUR).consistent == Proportion(1, 4)


def test_a_judge_that_always_says_left_shows_the_full_gap():
    trials = [SwapTrial(label, FIRST, FIRST) for label in (FIRST, SECOND) * 5]
    report = swap_report(trials, LabelSpace.FOUR)
    assert (report.gap, report.consistent.value, report.picks_left.value) == (1.0, 0.0, 1.0)
