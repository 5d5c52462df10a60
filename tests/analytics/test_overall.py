"""The overall is an exact weighted sum, of single scores and of whole tables alike."""

from fractions import Fraction

import numpy as np
import pytest

from analytics.overall import (
    OverallScale,
    overall_score,
    overall_values,
    weighted_sum,
    whole_weights,
)
from analytics.scales import Scale

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
SCALES = {"if": Scale.of([1, 2, 3, 4]), "vq": Scale.of([1, 2, 4])}
WEIGHTS = {"if": Fraction(1), "vq": HALF}


def test_a_weighted_sum_is_exact():
    assert weighted_sum([1, 2, 4], [THIRD, THIRD, THIRD]) == Fraction(7, 3)


def test_columns_of_whole_numbers_are_summed_row_by_row():
    found = weighted_sum([np.array([1, 4]), np.array([2, 1])], [2, 1])
    assert found.tolist() == [4, 9]


def test_floats_are_multiplied_and_added_in_the_order_of_the_dimensions():
    assert weighted_sum([0.1, 0.2, 0.3], [1.0, 1.0, 1.0]) == 0.1 + 0.2 + 0.3


@pytest.mark.parametrize(("scores", "weights"), [([], []), ([1], [HALF, HALF])])
def test_each_score_needs_its_weight(scores, weights):
    with pytest.raises(ValueError, match=f"{len(weights)} weights for {len(scores)} scores"):
        weighted_sum(scores, weights)


def test_a_missing_score_leaves_no_overall_and_a_zero_is_a_score():
    assert overall_score([0, 4], [Fraction(1), HALF]) == 2
    assert overall_score([None, 4], [Fraction(1), HALF]) is None


def test_weights_share_one_denominator():
    assert whole_weights([Fraction(3, 4), Fraction(1, 6), Fraction(2)]) == ((9, 2, 24), 12)


def test_the_values_are_all_sums_once_and_in_order():
    # 1 2 3 4 plus 0.5 1 2: 1.5 2 2.5 3 3.5 4 4.5 5 6, the sums 3.0, 4.0 and 5.0 in two ways
    found = [float(value) for value in overall_values(SCALES, WEIGHTS)]
    assert found == [1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0]


def test_tables_find_the_level_of_each_row():
    overall = OverallScale.of(SCALES, WEIGHTS)
    assert dict(overall.weights) == {"if": 2, "vq": 1}
    assert overall.totals.tolist() == [3, 4, 5, 6, 7, 8, 9, 10, 12]
    levels = {"vq": np.array([1, 4, 2]), "if": np.array([1, 4, 3])}
    places = overall.places(levels)
    assert [overall.scale.values[place] for place in places] == [1.5, 6.0, 4.0]


def test_thirds_meet_their_level_although_floats_would_miss_it():
    weights = {"a": THIRD, "b": THIRD, "c": THIRD}
    scales = dict.fromkeys(weights, Scale.of([1, 2, 3, 4]))
    overall = OverallScale.of(scales, weights)
    places = overall.places(
        {key: np.array([level]) for key, level in zip("abc", (1, 2, 4), strict=True)}
    )
    assert overall.scale.values[places[0]] == float(Fraction(7, 3))
    assert len(overall.scale) == 10


def test_a_scale_of_too_many_sums_is_refused():
    long = {key: Scale.of(range(200)) for key in "abc"}
    weights = {"a": Fraction(1), "b": Fraction(1, 199), "c": Fraction(1, 39_601)}
    with pytest.raises(ValueError, match="at most 10,001 levels"):
        overall_values(long, weights)
