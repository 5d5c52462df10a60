"""Pair accuracies by hand, the tie threshold against brute force, floors and cross-fitting."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.ranking.accuracy import (
    ALWAYS_TIE,
    NEVER_TIE,
    strict_accuracy,
    three_class_accuracy,
)
from analytics.ranking.floors import pair_floors, random_ranking_floor, uniform_label_floor
from analytics.ranking.labelled import labelled_pairs
from analytics.ranking.pair_report import (
    ThresholdOrigin,
    report_as_published,
    report_calibrated,
    report_cross_fit,
)
from analytics.ranking.proportions import Proportion, clopper_pearson
from analytics.ranking.tie_threshold import candidate_thresholds, cross_fit, fit_tie_threshold

NAN = float("nan")
repeated = st.lists(
    st.tuples(
        st.one_of(st.integers(-3, 3).map(float), st.sampled_from([0.1, 0.1 + 2**-56, NAN, -0.3])),
        st.sampled_from([-1, 0, 1]),
    ),
    min_size=1,
    max_size=40,
)


def pairs_of(rows):
    return labelled_pairs([d for d, _ in rows], [label for _, label in rows])


def brute_force(rows):
    """Try a threshold on, below and above every |difference|, pair by pair in plain Python."""

    def correct(epsilon):
        hits = 0
        for difference, label in rows:
            if np.isnan(difference):
                continue
            predicted = 0 if abs(difference) <= epsilon else int(np.sign(difference))
            no_direction = abs(difference) > epsilon and difference == 0
            hits += predicted == label and not no_direction
        return hits

    finite = [abs(d) for d, _ in rows if not np.isnan(d)]
    return max(correct(epsilon) for epsilon in [NEVER_TIE, ALWAYS_TIE, *finite])


@given(repeated)
def test_calibrated_accuracy_equals_a_search_over_all_thresholds(rows):
    fit = fit_tie_threshold(pairs_of(rows))
    assert fit.calibration == Proportion(brute_force(rows), len(rows))


@given(repeated)
def test_the_fitted_threshold_really_gives_the_stated_accuracy(rows):
    pairs = pairs_of(rows)
    fit = fit_tie_threshold(pairs)
    assert three_class_accuracy(pairs, fit.epsilon) == fit.calibration


@given(repeated)
def test_swapping_a_and_b_everywhere_changes_no_accuracy(rows):
    pairs = pairs_of(rows)
    swapped = pairs_of([(-d, -label) for d, label in rows])
    assert strict_accuracy(pairs) == strict_accuracy(swapped)
    assert fit_tie_threshold(pairs) == fit_tie_threshold(swapped)


def test_thresholds_are_minus_infinity_midpoints_and_infinity():
    magnitude = np.array([2.0, 0.0, 2.0, 3.0, NAN])
    assert candidate_thresholds(magnitude).tolist() == [NEVER_TIE, 1.0, 2.5, ALWAYS_TIE]


def test_a_threshold_separates_neighbouring_floats():
    low = 0.1
    high = float(np.nextafter(low, 1))
    middle = candidate_thresholds(np.array([low, high]))[1]
    assert low <= middle < high


def test_one_right_strict_pair_scores_one_because_no_ties_is_a_threshold():
    fit = fit_tie_threshold(labelled_pairs([1.0], [1]))
    assert (fit.epsilon, fit.calibration) == (NEVER_TIE, Proportion(1, 1))


def test_equal_differences_are_tied_together_or_not_at_all():
    # Human: tie and A, both predicted at +1: one can be right, where a sequential sweep says 2.
    fit = fit_tie_threshold(labelled_pairs([1.0, 1.0], [0, 1]))
    assert fit.calibration == Proportion(1, 2)


def test_accuracies_by_hand():
    pairs = labelled_pairs([2.0, -1.0, 0.2, 0.0, NAN, -3.0], [1, 1, 0, 1, -1, -1])
    assert strict_accuracy(pairs) == Proportion(2, 5)
    assert three_class_accuracy(pairs, 0.5) == Proportion(3, 6)
    assert three_class_accuracy(pairs, NEVER_TIE) == Proportion(2, 6)
    assert three_class_accuracy(pairs, ALWAYS_TIE) == Proportion(1, 6)


def test_a_failed_prediction_is_wrong_even_when_everything_is_called_a_tie():
    pairs = labelled_pairs([NAN, float("inf"), 0.0], [0, 1, 0])
    assert three_class_accuracy(pairs, ALWAYS_TIE) == Proportion(1, 3)
    assert strict_accuracy(pairs) == Proportion(0, 1)


def test_only_failures_leave_nothing_right():
    assert fit_tie_threshold(labelled_pairs([NAN, NAN], [0, 1])).calibration == Proportion(0, 2)


def test_floors_by_hand():
    floors = pair_floors(labelled_pairs([0.0] * 4, [1, -1, -1, 0]))
    assert floors.always_tie == Proportion(1, 4)
    assert (floors.always_first, floors.always_second) == (Proportion(1, 4), Proportion(2, 4))
    assert floors.random_score == Fraction(3, 8)


def test_tuple_floors_are_those_of_the_published_protocols():
    assert [random_ranking_floor(k) for k in (2, 3, 4)] == [
        Fraction(1, 2),
        Fraction(1, 6),
        Fraction(1, 24),
    ]
    assert [uniform_label_floor(k, 2) for k in (3, 4)] == [Fraction(1, 8), Fraction(1, 64)]
    assert uniform_label_floor(2, 4) == Fraction(1, 4)


def test_cross_fitting_never_judges_an_item_at_its_own_threshold():
    rng = np.random.default_rng(1)
    label = rng.integers(-1, 2, size=200)
    difference = label + rng.normal(0, 0.6, size=200)
    pairs = labelled_pairs(difference, label)
    item = np.repeat(np.arange(40), 5)
    fit = cross_fit(pairs, item, 5, np.random.default_rng(2))
    for name in np.unique(item):
        assert len(set(fit.fold[item == name].tolist())) == 1
    for index, epsilon in enumerate(fit.epsilons):
        assert epsilon == fit_tie_threshold(pairs.take(fit.fold != index)).epsilon
    assert np.bincount(fit.fold).tolist() == [40] * 5


def test_cross_fitting_is_less_optimistic_than_fitting_on_the_test():
    # Pure noise against half ties: the test-set ε gains what the cross-fitted one cannot.
    rng = np.random.default_rng(0)
    gains = []
    for _ in range(60):
        pairs = labelled_pairs(rng.normal(size=40), rng.integers(-1, 2, size=40))
        honest = cross_fit(pairs, np.arange(40), 5, rng).accuracy.correct
        gains.append(fit_tie_threshold(pairs).calibration.correct - honest)
    assert min(gains) >= 0
    assert np.mean(gains) > 1


def test_too_many_folds_are_refused():
    pairs = labelled_pairs([1.0, 2.0], [1, 1])
    with pytest.raises(ValueError, match="1 clusters to 2 folds"):
        cross_fit(pairs, np.array([0, 0]), 2, np.random.default_rng(0))


def test_reports_name_the_origin_of_epsilon_and_keep_all_denominators():
    test = labelled_pairs([2.0, 0.1, NAN, -2.0], [1, 0, 0, -1])
    calibration = labelled_pairs([0.2, 1.0], [0, 1])
    report = report_calibrated(test, calibration)
    assert report.origin is ThresholdOrigin.CALIBRATION
    assert list(report.epsilon) == pytest.approx([0.6])
    assert (report.pairs, report.human_ties, report.failed) == (4, 2, 1)
    assert report.three_class == Proportion(3, 4)
    assert report.strict == Proportion(2, 2)
    assert report_as_published(test).origin is ThresholdOrigin.TEST_AS_PUBLISHED
    folded = report_cross_fit(test, np.arange(4), np.random.default_rng(0), folds=2)
    assert (folded.origin, len(folded.epsilon)) == (ThresholdOrigin.CROSS_FIT, 2)


def test_wrong_labels_or_shapes_are_refused():
    with pytest.raises(ValueError, match="label"):
        labelled_pairs([1.0], [2])
    with pytest.raises(ValueError, match="equally long"):
        labelled_pairs([1.0, 2.0], [1])
    with pytest.raises(ValueError, match="no pair"):
        fit_tie_threshold(labelled_pairs([], []))


def test_clopper_pearson_matches_the_textbook():
    # 8 of 10: (.4439, .9748), Clopper and Pearson's own charts and every textbook since.
    interval = clopper_pearson(Proportion(8, 10))
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.44390, 0.97479), abs=1e-5)
    # 0 of n: the upper end solves (1 - p)^n = .025.
    nothing = clopper_pearson(Proportion(0, 20))
    assert nothing is not None
    assert [nothing.low, nothing.high] == pytest.approx([0.0, 1 - 0.025 ** (1 / 20)])
    assert clopper_pearson(Proportion(0, 0)) is None
    assert Proportion(0, 0).value is None
